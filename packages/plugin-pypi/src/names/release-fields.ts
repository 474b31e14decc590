import { StepError, Type } from 'relpipe/plugin';
import { canonicalVersion } from './canonical-version.ts';
import { normalName } from './normal-name.ts';

/** How the fields that most step types share are written. */
export const projectField = Type.String({
  pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$',
  description: 'Name of the project, in any spelling of PEP 503',
});
export const versionField = Type.String({ minLength: 1, description: 'In any spelling of PEP 440' });
export const sha256Field = Type.String({ pattern: '^[0-9a-fA-F]{64}$' });
export const indexField = Type.String({
  description: 'Simple API, or `pypi` or `testpypi`; default: the index pip is configured for, else https://pypi.org/simple',
});

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
