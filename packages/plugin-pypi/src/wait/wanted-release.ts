import { StepError } from 'relpipe/plugin';
import { canonicalVersion } from '../names/canonical-version.ts';
import { normalName } from '../names/normal-name.ts';
import { releaseOfFile } from '../names/release-of-file.ts';
import type { WaitConfig } from './wait-config.ts';

/** What is waited for, with its names in their one form. */
export interface WantedRelease {
  readonly project: string;
  readonly version: string;
  /** sha256 in lower case by file name; empty: any file will do. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Refuses what could never become visible, instead of waiting for it.
 * @throws {StepError} `PYPI_VERSION_INVALID`, `PYPI_FILE_OF_ANOTHER_RELEASE`
 */
export function wantedRelease(config: WaitConfig): WantedRelease {
  const project = normalName(config.project);
  const version = canonicalVersion(config.version);
  if (version === undefined) {
    throw new StepError('PYPI_VERSION_INVALID', `\`${config.version}\` is no version of a Python package.`, {
      hint: 'Write it as PEP 440 does, e.g. 1.4.0, 1.4.0rc1 or 1.4.0.post1.',
    });
  }
  const files = Object.entries(config.files ?? {}).map(([name, sha256]) => [name, sha256.toLowerCase()] as const);
  for (const [name] of files) refuseOther(name, project, version);
  return { project, version, files: new Map(files) };
}

function refuseOther(filename: string, project: string, version: string): void {
  const release = releaseOfFile(filename);
  if (release?.project === project && release.version === version) return;
  throw new StepError('PYPI_FILE_OF_ANOTHER_RELEASE', `${filename} is no file of ${project} ${version}.`, {
    hint: 'List wheels and source archives of this version only.',
  });
}
