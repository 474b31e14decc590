import { normalSpecifiers } from '../names/normal-specifiers.ts';
import { releaseOf, type Release } from '../names/release-of.ts';
import { releaseFiles } from '../names/release-files.ts';
import type { WaitConfig } from './wait-config.ts';

/** What is waited for, with its names in their one form. */
export interface WantedRelease extends Release {
  /** sha256 in lower case by file name; empty: any file will do. */
  readonly files: ReadonlyMap<string, string>;
  /** In its one form; undefined: whatever the index says. */
  readonly requiresPython: string | undefined;
}

/**
 * Refuses what could never become visible, instead of waiting for it.
 * @throws {StepError} `PYPI_VERSION_INVALID`, `PYPI_FILE_OF_ANOTHER_RELEASE`
 */
export function wantedRelease(config: WaitConfig): WantedRelease {
  const release = releaseOf(config);
  const requiresPython = config['requires-python'];
  return {
    ...release,
    files: releaseFiles(release, config.files ?? {}),
    requiresPython: requiresPython === undefined ? undefined : normalSpecifiers(requiresPython),
  };
}
