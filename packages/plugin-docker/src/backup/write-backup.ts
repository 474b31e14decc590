import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadContext } from 'relpipe/plugin';
import { execIfInstalled } from '../docker/command.ts';
import { idLabel } from '../docker/containers.ts';
import type { Cli } from '../docker/docker.ts';
import { archiveVolume, fillVolume, removeHelpers, type Archived } from '../volume/transfer.ts';
import { createVolume, findVolume, removeVolume, volumeMissing } from '../volume/volumes.ts';
import { writeRecord, type Archive, type BackupRecord } from './backup-record.ts';

/**
 * Backs volumes up into a folder, proves each archive by restoring it into a scratch volume, and moves the folder to its place when all of
 * them are good.
 * @throws {StepError} `DOCKER_VOLUME_MISSING`, `DOCKER_RESTORE_MISMATCH`
 */
export async function writeBackup(folder: string, volumes: readonly string[], key: string, cli: Cli): Promise<BackupRecord> {
  const { context } = cli;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await removeHelpers(key, cli);
  await removeVolume(scratchOf(key), cli);
  const archives: Archive[] = [];
  for (const volume of volumes) {
    const archived = await archiveOne(volume, partial, key, cli);
    context.log(`${volume}: ${archived.bytes} bytes, ${archived.entries} entries; a scratch volume restored from them is the same`);
    archives.push(archived);
  }
  const created = new Date(context.clock.now()).toISOString();
  const record: BackupRecord = { format: 1, created, ...(await gitState(context)), key, volumes: archives };
  await writeRecord(partial, record);
  await rename(partial, folder);
  return record;
}

async function archiveOne(volume: string, folder: string, key: string, cli: Cli): Promise<Archive> {
  const kind = await findVolume(volume, cli);
  if (!kind) throw volumeMissing(volume);
  const file = `${volume}.tar.gz`;
  const archived = await archiveVolume(volume, join(folder, file), key, cli);
  await prove(archived, join(folder, file), key, cli);
  const { sha256, bytes, contents } = archived;
  return { volume, file, sha256, bytes, entries: contents.entries.size, contents: contents.sha256, kind };
}

async function prove({ contents }: Archived, file: string, key: string, cli: Cli): Promise<void> {
  const scratch = scratchOf(key);
  await createVolume(scratch, { driver: 'local', labels: { [idLabel]: key }, options: {} }, cli);
  try {
    await fillVolume(scratch, file, contents, key, cli);
  } finally {
    await removeVolume(scratch, cli);
  }
}

const scratchOf = (key: string): string => `relpipe-scratch-${key}`;

/** Commit and tag of the repository that contains the pipeline file; null when there is none, or git is not installed. */
async function gitState(context: ReadContext): Promise<Pick<BackupRecord, 'commit' | 'tag'>> {
  const commit = await git(context, 'rev-parse', 'HEAD');
  return { commit, tag: commit === null ? null : await git(context, 'describe', '--tags', '--exact-match', 'HEAD') };
}

async function git(context: ReadContext, ...args: readonly string[]): Promise<string | null> {
  const result = await execIfInstalled(['git', ...args], context);
  return result?.code === 0 ? result.stdout.trim() : null;
}
