import type { BackupRecord } from './backup-record.ts';

export interface KeptBackup {
  readonly folder: string;
  readonly record: BackupRecord;
  /** Whether its archives are there as they were. */
  readonly isGood: boolean;
}

/** Which backups are older than `keepMs`. Never the newest good one, however old it is, nor any while there is no good one. */
export function expiredBackups(backups: readonly KeptBackup[], now: number, keepMs: number): readonly KeptBackup[] {
  const byAge = backups.toSorted((a, b) => b.record.created.localeCompare(a.record.created));
  const lastGood = byAge.find(({ isGood }) => isGood);
  if (!lastGood) return [];
  return byAge.filter((backup) => backup !== lastGood && now - Date.parse(backup.record.created) > keepMs);
}
