import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isStepError, type ReadContext } from 'relpipe/plugin';
import { openBackup, readRecord, type BackupRecord } from './backup-record.ts';

/** Removes backups of the same volumes that are older than `keepMs`; others in the folder are not touched. @returns their folders */
export async function removeExpired(
  place: string,
  like: BackupRecord,
  keepMs: number,
  context: ReadContext,
): Promise<readonly string[]> {
  const entries = await readdir(place, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(place, name));
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

interface KeptBackup {
  readonly folder: string;
  readonly record: BackupRecord;
  /** Whether its archives are unchanged. */
  readonly isGood: boolean;
}

/** The backups that are older than `keepMs`. Never the newest good one, however old it is, and none while there is no good one. */
export function expiredBackups(backups: readonly KeptBackup[], now: number, keepMs: number): readonly KeptBackup[] {
  const byAge = backups.toSorted((a, b) => b.record.created.localeCompare(a.record.created));
  const lastGood = byAge.find(({ isGood }) => isGood);
  if (!lastGood) return [];
  return byAge.filter((backup) => backup !== lastGood && now - Date.parse(backup.record.created) > keepMs);
}
