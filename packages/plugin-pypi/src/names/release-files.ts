import { StepError } from 'relpipe/plugin';
import { releaseOfFile } from './release-of-file.ts';
import type { Release } from './release-of.ts';

export const isFileOf = (release: Release, filename: string): boolean => {
  const found = releaseOfFile(filename);
  return found?.project === release.project && found.version === release.version;
};

/**
 * The sha256 of each file in lower case, by its name.
 * @throws {StepError} `PYPI_FILE_OF_ANOTHER_RELEASE`
 */
export function releaseFiles(release: Release, files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  for (const name of Object.keys(files)) {
    if (isFileOf(release, name)) continue;
    throw new StepError('PYPI_FILE_OF_ANOTHER_RELEASE', `${name} is no file of ${release.project} ${release.version}.`, {
      hint: 'List wheels and source archives of this version only.',
    });
  }
  return new Map(Object.entries(files).map(([name, sha256]) => [name, sha256.toLowerCase()]));
}
