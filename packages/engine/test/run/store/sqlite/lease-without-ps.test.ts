import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { identifyProcess, lookUpProcess } from '../../../../src/util/process-identity.ts';
import { openJournalFile } from '../../../../src/run/store/sqlite/open-sqlite-store.ts';
import { leaseTtlMs } from '../../../../src/run/store/sqlite/sqlite-lease.ts';
import { SqliteStore } from '../../../../src/run/store/sqlite/sqlite-store.ts';
import { run, temporaryFolder } from '../../local/local-fixture.ts';
import { run as newRun } from '../../local/plain-plan.ts';

// A system that is not Linux, whose image has no `ps`.
vi.hoisted(() => {
  Object.defineProperty(process, 'platform', { value: 'freebsd' });
  process.env['PATH'] = '';
});

const own = { ...identifyProcess(process.pid), started: 'Mon Nov 30 06:22:33 2026' };

test('whether a process lives is unknown where nobody can tell when it started, and it is gone where there is none', () => {
  expect(lookUpProcess(own)).toBe('unknown');
  const ended = spawnSync(process.execPath, ['-e', '']);
  expect(lookUpProcess({ ...own, pid: ended.pid })).toBe('gone');
});

test('lease-without-ps: a driver of which nobody can tell whether it lives keeps its lease for its time to live', async () => {
  let now = 5_000 + leaseTtlMs - 1;
  const database = openJournalFile(join(temporaryFolder(), 'journal.db'));
  onTestFinished(() => database.close());
  const store = new SqliteStore(database, () => now);
  await store.createRun(newRun);
  database.run('takeLease', { run: run.id, owner: JSON.stringify(own), at: 5_000 });
  await expect(store.takeLease(run.id)).rejects.toMatchObject({ code: 'REL_RUN_BUSY' });
  now += 1;
  expect((await store.takeLease(run.id)).fence).toBe(2);
});
