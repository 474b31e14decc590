import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cli } from '../cli/docker.ts';
import { idLabel } from '../container/own-label.ts';
import { archiveVolume, type Archived } from '../volume/read-volume.ts';
import { fillVolume } from '../volume/fill-volume.ts';
import { removeHelpers } from '../volume/remove-helpers.ts';
import { createVolume, findVolume, removeVolume, volumeMissing } from '../volume/volumes.ts';
import { recordFile, type Archive, type BackupRecord } from './backup-record.ts';
import { gitState } from './git-state.ts';

/**
 * Backs volumes up into a folder, proves each archive by restoring it into a scratch volume, and puts the folder in its place when all of it is good.
 * @throws {StepError} `DOCKER_VOLUME_MISSING`, `DOCKER_RESTORE_DIFFERS`
 */
export async function writeBackup(folder: string, volumes: readonly string[], key: string, cli: Cli): Promise<BackupRecord> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await removeHelpers(key, cli);
  await removeVolume(scratchOf(key), cli);
  const archives: Archive[] = [];
  for (const volume of volumes) {
    const archived = await archiveOne(volume, partial, key, cli);
    cli.context.log(`${volume}: ${archived.bytes} bytes, ${archived.entries} entries, restored into a scratch volume and the same there`);
    archives.push(archived);
  }
  const record: BackupRecord = { format: 1, created: new Date(cli.context.clock.now()).toISOString(), ...(await gitState(cli.context)), key, volumes: archives };
  await writeFile(join(partial, recordFile), `${JSON.stringify(record, undefined, 2)}\n`);
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
