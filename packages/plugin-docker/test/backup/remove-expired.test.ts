import { expect, test } from 'vitest';
import type { BackupRecord } from '../../src/backup/backup-record.ts';
import { expiredBackups } from '../../src/backup/remove-expired.ts';

const day = 86_400_000;
const now = Date.parse('2026-06-30T00:00:00Z');
const backup = (daysOld: number, isGood = true) => ({
  folder: String(daysOld),
  isGood,
  record: { created: new Date(now - daysOld * day).toISOString() } as BackupRecord,
});
const expired = (...backups: readonly ReturnType<typeof backup>[]): readonly string[] => expiredBackups(backups, now, 30 * day).map(({ folder }) => folder);

test('backups older than the limit expire', () => {
  expect(expired(backup(0), backup(29), backup(30), backup(31), backup(400))).toEqual(['31', '400']);
});

test('the last good backup never expires, however old it is', () => {
  expect(expired(backup(400), backup(500))).toEqual(['500']);
  expect(expired(backup(0, false), backup(40, false), backup(50), backup(60))).toEqual(['40', '60']);
});

test('no backup expires while none is good', () => {
  expect(expired(backup(40, false), backup(50, false))).toEqual([]);
});
