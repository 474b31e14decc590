import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { hashOf } from '../hash-of.ts';
import { isFileOf, releaseFiles, releaseOf, type Release } from '../names/release.ts';
import { refuseOtherBytes, refuseYanked, type IndexFile } from '../simple-api/index-file.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import type { PublishConfig } from './publish.ts';

export interface FilesToPublish extends Release {
  readonly folder: string;
  /** sha256 in lower case by file name, in the order in which they are uploaded: wheels first, as twine does it. */
  readonly files: ReadonlyMap<string, string>;
}

type Wanted = Pick<PublishConfig, 'project' | 'version' | 'folder' | 'files'>;

/**
 * The files that the step names, else those of this version in the folder.
 * @throws {StepError} `PYPI_VERSION_INVALID`, `PYPI_FILE_NAME_MISMATCH`, `PYPI_FILES_NOT_FOUND`
 */
export async function filesToPublish(config: Wanted, workdir: string): Promise<FilesToPublish> {
  const release = releaseOf(config);
  const folder = resolve(workdir, config.folder ?? 'dist');
  const named = config.files ?? (await hashesIn(folder, release));
  if (Object.keys(named).length === 0) {
    throw new StepError('PYPI_FILES_NOT_FOUND', `There is no file of ${config.project} ${config.version} in ${folder}.`, {
      hint: 'Build the release first, or set `folder`.',
    });
  }
  const files = [...releaseFiles(release, named)].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return { ...release, folder, files: new Map(files) };
}

const rank = (filename: string): number => (filename.endsWith('.whl') ? 0 : 1);

async function hashesIn(folder: string, release: Release): Promise<Record<string, string>> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => isFileOf(release, name));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await hashOf(join(folder, name))] as const)));
}

/**
 * The path of a file, after checking that it is the one that was built.
 * @throws {StepError} `PYPI_FILE_NOT_FOUND`, `PYPI_FILE_CHANGED`
 */
export async function pathOfBuilt(folder: string, filename: string, sha256: string): Promise<string> {
  const path = join(folder, filename);
  const found = await hashOf(path).catch(() => undefined);
  if (found === sha256) return path;
  if (found === undefined) {
    throw new StepError('PYPI_FILE_NOT_FOUND', `${path} does not exist or cannot be read.`, {
      hint: `Restore the file with the sha256 ${sha256}, then resume.`,
    });
  }
  throw new StepError('PYPI_FILE_CHANGED', `${path} is not the file to publish: its sha256 is ${found}, expected ${sha256}.`, {
    hint: 'Restore the file that was built and checked, or start a new run with the new one.',
  });
}

/**
 * The files that are on the index already, with the same bytes. `listed` is undefined while the index does not know the project.
 * @throws {StepError} `PYPI_HASH_MISMATCH`, `PYPI_HASH_MISSING`, `PYPI_YANKED`
 */
export function publishedAlready(
  { files }: FilesToPublish,
  listed: readonly IndexFile[] | undefined,
  index: PackageIndex,
): ReadonlySet<string> {
  const published = new Set<string>();
  for (const file of listed ?? []) {
    const sha256 = files.get(file.filename);
    if (sha256 === undefined) continue;
    refuseOtherBytes(file, sha256, index, 'Use an index that provides hashes, or compare the file by hand and remove it.');
    refuseYanked(file);
    published.add(file.filename);
  }
  return published;
}
