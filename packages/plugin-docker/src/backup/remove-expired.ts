import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isStepError, type ReadContext } from 'relpipe/plugin';
import { openBackup, readRecord, type BackupRecord } from './backup-record.ts';
import { expiredBackups, type KeptBackup } from './expired-backups.ts';

/** Removes backups of the same volumes that are older than `keepMs`; others in the folder are not looked at. @returns their folders */
export async function removeExpired(place: string, like: BackupRecord, keepMs: number, context: ReadContext): Promise<readonly string[]> {
  const folders = (await readdir(place, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => join(place, name));
  const found = await Promise.all(folders.map(async (folder) => ({ folder, record: await readRecord(folder) })));
  const own = found.flatMap(({ folder, record }) => (record && namesOf(record) === namesOf(like) ? [{ folder, record }] : []));
  const backups: KeptBackup[] = [];
  for (const { folder, record } of own) backups.push({ folder, record, isGood: await isGood(folder) });
  const expired = expiredBackups(backups, context.clock.now(), keepMs);
  for (const { folder, record } of expired) {
    await rm(folder, { recursive: true });
    context.log(`removed the backup of ${record.created}`);
  }
  return expired.map(({ folder }) => folder);
}

const namesOf = ({ volumes }: BackupRecord): string => JSON.stringify(volumes.map(({ volume }) => volume).toSorted());

async function isGood(folder: string): Promise<boolean> {
  try {
    await openBackup(folder);
    return true;
  } catch (error) {
    if (isStepError(error)) return false;
    throw error;
  }
}
