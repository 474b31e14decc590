import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { releaseOf, type Release } from '../names/release-of.ts';
import { isFileOf, releaseFiles } from '../names/release-files.ts';
import { hashOf } from '../files/hash-of.ts';
import type { PublishConfig } from './publish-config.ts';

export interface FilesToPublish extends Release {
  readonly folder: string;
  /** sha256 in lower case by file name, in the order in which they are uploaded: wheels first, as twine does. */
  readonly files: ReadonlyMap<string, string>;
}

type Wanted = Pick<PublishConfig, 'project' | 'version' | 'folder' | 'files'>;

/**
 * What is named in the step, else what lies in the folder of this version.
 * @throws {StepError} `PYPI_VERSION_INVALID`, `PYPI_FILE_OF_ANOTHER_RELEASE`, `PYPI_NO_FILES`
 */
export async function filesToPublish(config: Wanted, workdir: string): Promise<FilesToPublish> {
  const release = releaseOf(config);
  const folder = resolve(workdir, config.folder ?? 'dist');
  const named = config.files ?? (await hashesIn(folder, release));
  if (Object.keys(named).length === 0) {
    throw new StepError('PYPI_NO_FILES', `There is no file of ${config.project} ${config.version} in ${folder}.`, {
      hint: 'Build it first, or say in which `folder` it is.',
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
 * The path of a file, after looking that it is the one that was built.
 * @throws {StepError} `PYPI_FILE_MISSING`, `PYPI_FILE_CHANGED`
 */
export async function pathOfBuilt(folder: string, filename: string, sha256: string): Promise<string> {
  const path = join(folder, filename);
  const found = await hashOf(path).catch(() => undefined);
  if (found === sha256) return path;
  if (found === undefined) {
    throw new StepError('PYPI_FILE_MISSING', `${path} is not there.`, { hint: `Bring the file with the sha256 ${sha256} back, then resume.` });
  }
  throw new StepError('PYPI_FILE_CHANGED', `${path} is not the file to publish: its sha256 is ${found}, expected ${sha256}.`, {
    hint: 'Bring back the file that was built and checked, or begin a new run with the new one.',
  });
}
