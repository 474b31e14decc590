import type { BackedUp } from './backup-config.ts';
import type { BackupRecord } from './backup-record.ts';

export const reportBackup = (folder: string, { volumes, commit, tag }: BackupRecord, removed: readonly string[]): BackedUp => ({
  folder,
  digests: Object.fromEntries(volumes.map(({ volume, sha256 }) => [volume, sha256])),
  bytes: volumes.reduce((sum, { bytes }) => sum + bytes, 0),
  commit,
  tag,
  removed: [...removed],
});
