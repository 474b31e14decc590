import { StepError } from 'relpipe/plugin';
import { canonicalVersion } from './canonical-version.ts';
import { normalName } from './normal-name.ts';

/** A release, with its names in their one form. */
export interface Release {
  readonly project: string;
  readonly version: string;
}

/** @throws {StepError} `PYPI_VERSION_INVALID` */
export function releaseOf(written: Release): Release {
  const version = canonicalVersion(written.version);
  if (version !== undefined) return { project: normalName(written.project), version };
  throw new StepError('PYPI_VERSION_INVALID', `\`${written.version}\` is no version of a Python package.`, {
    hint: 'Write it as PEP 440 does, e.g. 1.4.0, 1.4.0rc1 or 1.4.0.post1.',
  });
}
