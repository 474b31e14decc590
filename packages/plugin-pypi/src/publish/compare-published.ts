import { StepError } from 'relpipe/plugin';
import { isFileOf } from '../names/release-files.ts';
import type { IndexFile } from '../simple-api/index-file.ts';
import type { FilesToPublish } from './files-to-publish.ts';

/**
 * Which of the files are on the index already, with the same bytes. `listed` is undefined while the index does not know the project.
 * @throws {StepError} `PYPI_OTHER_BYTES`, `PYPI_NO_HASH`, `PYPI_YANKED`
 */
export function comparePublished({ files, ...release }: FilesToPublish, listed: readonly IndexFile[] | undefined): ReadonlySet<string> {
  const ours = (listed ?? []).filter(({ filename }) => files.has(filename) && isFileOf(release, filename));
  for (const { filename, sha256, yanked } of ours) {
    if (sha256 === undefined) throw noHash(filename);
    if (sha256 !== files.get(filename)) throw otherBytes(filename, sha256, files.get(filename) ?? '');
    if (yanked !== undefined) throw isYanked(filename, yanked);
  }
  return new Set(ours.map(({ filename }) => filename));
}

const otherBytes = (filename: string, found: string, wanted: string): StepError =>
  new StepError('PYPI_OTHER_BYTES', `${filename} is on the index with other bytes: sha256 ${found}, ours is ${wanted}.`, {
    hint: 'Somebody else published this version, or it was built again. A published file never changes: release another version.',
  });

const noHash = (filename: string): StepError =>
  new StepError('PYPI_NO_HASH', `${filename} is on the index, which gives no sha256 for it, so nobody can tell whether it is ours.`, {
    hint: 'Use an index that gives hashes, or compare and remove the file by hand.',
  });

const isYanked = (filename: string, reason: string): StepError =>
  new StepError('PYPI_YANKED', `${filename} is on the index and was yanked${reason === '' ? '' : `: ${reason}`}.`, {
    hint: 'Release another version, or take the yank back on the index.',
  });
