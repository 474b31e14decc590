import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { FactBody } from '../../../../src/run/core/fact.ts';
import { emptyChain, linkFact } from '../../../../src/run/store/fact-chain.ts';
import type { InboxCommand } from '../../../../src/run/store/inbox-command.ts';
import type { Database } from '../../../../src/run/store/sqlite/database.ts';
import { openJournalFile, openSqliteStore } from '../../../../src/run/store/sqlite/open-sqlite-store.ts';
import { leaseTtlMs } from '../../../../src/run/store/sqlite/sqlite-lease.ts';
import { SqliteStore } from '../../../../src/run/store/sqlite/sqlite-store.ts';
import { identifyProcess, lookUpProcess } from '../../../../src/util/process-identity.ts';
import { saying, temporaryFolder } from '../../local/local-fixture.ts';
import { planned, run } from '../../local/plain-plan.ts';
import { storeRules } from '../store-rules.ts';

storeRules('SQLite', async () => {
  const file = join(temporaryFolder(), 'journal.db');
  const statements = {
    change: "UPDATE facts SET body = replace(body, '!timer', '!clock') WHERE seq = ?",
    remove: 'DELETE FROM facts WHERE seq = ?',
    'change its time': 'UPDATE facts SET at = at + 1 WHERE seq = ?',
  };
  return {
    open: async () => openSqliteStore(file),
    tamper(how, seq) {
      const intruder = new DatabaseSync(file);
      intruder.prepare(statements[how]).run(seq);
      intruder.close();
    },
  };
});

/** A driven run with one fact, and the connection below the store. */
async function driven() {
  const file = join(temporaryFolder(), 'journal.db');
  const database = openJournalFile(file);
  onTestFinished(() => database.close());
  const store = new SqliteStore(database, () => 5_000);
  await store.createRun(run);
  const lease = await store.takeLease(run.id);
  const first = linkFact(run.id, emptyChain, planned, 5_000);
  await store.commit({ ...lease, facts: [first] });
  const commit = (...bodies: readonly FactBody[]) => {
    let head = { seq: 1, at: 5_000, hash: first.hash };
    const facts = bodies.map((body) => {
      const link = linkFact(run.id, head, body, 5_000);
      head = { seq: link.fact.seq, at: link.fact.at, hash: link.hash };
      return link;
    });
    return store.commit({ ...lease, facts });
  };
  return { file, database, store, commit };
}

const fired: FactBody = { fact: 'fired', key: 'c!timer.1' };

test('a journal whose facts were exchanged names the first one', async () => {
  const { file, store, commit } = await driven();
  await commit(fired, { ...fired, key: 'd!timer.1' });
  const intruder = new DatabaseSync(file);
  intruder.exec('UPDATE facts SET seq = CASE seq WHEN 2 THEN 30 ELSE 2 END WHERE seq > 1');
  intruder.close();
  await expect(store.readRun(run.id)).rejects.toMatchObject({ code: 'REL_JOURNAL_CHAIN_BROKEN', message: saying('Fact 2 of run') });
});

test('every commit is synced to the disk, in a file that others may read meanwhile', async () => {
  const { database, file } = await driven();
  expect(database.pragma('synchronous')).toBe(2);
  expect(new DatabaseSync(file).prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
});

test('a journal of a newer relpipe is refused', async () => {
  const { file } = await driven();
  const newer = new DatabaseSync(file);
  newer.exec('PRAGMA user_version = 5');
  newer.close();
  expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_NEWER', message: saying('format 5; this relpipe reads formats up to 4') }));
});

test('a journal of format 1, from before the first release, is refused with what to do, and left as it is', () => {
  const file = join(temporaryFolder(), 'journal.db');
  copyFileSync(join(import.meta.dirname, '../../../fixtures/journal-format-1/journal.db'), file);
  const older = { code: 'REL_JOURNAL_OLDER', message: saying(`The journal ${file} has format 1`), hint: saying('move the file away') };
  expect(() => openSqliteStore(file)).toThrow(expect.objectContaining(older));
  expect(new DatabaseSync(file).prepare('SELECT count(*) AS runs FROM runs').get()).toEqual({ runs: 1 });
});

test("somebody else's database is left as it is", () => {
  const file = join(temporaryFolder(), 'other.db');
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE theirs (a)');
  expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_FOREIGN' }));
  expect(other.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'theirs' }]);
  other.close();
});

test('a file that is not a database is reported as damaged', () => {
  const file = join(temporaryFolder(), 'journal.db');
  writeFileSync(file, 'this is not a database, only some text that is long enough to be looked at'.repeat(20));
  expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_DAMAGED' }));
});

test.each([
  ['measurements that are not JSON', `INSERT INTO measurements (run, step, at, body) VALUES ('${run.id}', 'a/b', 1, '{garbage')`, 'a measurement of run'],
  ['measurements of another shape', `INSERT INTO measurements (run, step, at, body) VALUES ('${run.id}', 'a/b', 1, '{"step":7}')`, 'a measurement of run'],
  ['no measurements table', 'DROP TABLE measurements', 'no such table: measurements'],
  ['leases that are not JSON', "UPDATE leases SET owner = '{garbage'", 'the lease of run'],
  ['leases of another shape', "UPDATE leases SET owner = 'null'", 'the lease of run'],
  ['no leases table', 'DROP TABLE leases', 'no such table: leases'],
  ['no inbox table', 'DROP TABLE inbox', 'no such table: inbox'],
  ['no facts table', 'DROP TABLE facts', 'no such table: facts'],
  ['an unknown state of a run', "UPDATE runs SET state = 'asleep'", 'the state of run'],
  ['another state of a run', "UPDATE runs SET state = 'parked'", 'the state of run'],
  ['another name of a run', "UPDATE runs SET name = 'other'", 'the state of run'],
  ['a run that nobody started', `INSERT INTO runs SELECT '20261120-1642-xxxx', name, created_at, fingerprint, state, outcome, wake_at, commands, seal, head_seq, head_hash FROM runs`, 'the list of runs'],
  ['no row of a run', "PRAGMA foreign_keys = OFF; DELETE FROM runs", 'the list of runs'],
])('a journal with %s is reported as damaged', async (_, statement, detail) => {
  const { file } = await driven();
  const intruder = new DatabaseSync(file);
  intruder.exec(statement);
  intruder.close();
  const store = openSqliteStore(file);
  const readEverything = async () => {
    await store.runs();
    await store.readRun(run.id);
    await store.readMeasurements(run.id);
    await store.inbox(run.id);
    await store.isDriven(run.id);
  };
  await expect(readEverything()).rejects.toMatchObject({ code: 'REL_JOURNAL_DAMAGED', message: saying(detail) });
  await store.close();
});

const vote: InboxCommand = { id: 'c1', run: run.id, who: { who: 'engineer', by: 'flag' }, command: 'approve', key: 'a/b!ask.1', fingerprint: 'f1' };

test.each([
  ['whose person was changed', "UPDATE inbox SET body = replace(body, 'engineer', 'lead')", 'approve a/b by lead'],
  ['whose decision was changed', "UPDATE inbox SET body = replace(body, 'approve', 'reject')", 'reject a/b by engineer'],
  ['whose time was changed', "UPDATE inbox SET body = replace(body, '5000', '6000')", 'approve a/b by engineer'],
  ['whose hash was removed', "UPDATE inbox SET body = json_extract(body, '$.text')", undefined],
  ['whose id was changed, so that it counts again', "UPDATE inbox SET id = 'c2'", 'approve a/b by engineer'],
  ['that cannot be read', "UPDATE inbox SET body = '{garbage'", undefined],
])('a command %s while it waited is refused', async (_, statement, says) => {
  const { file, store } = await driven();
  await store.send(vote);
  expect(await store.inbox(run.id)).toEqual([vote]);
  const intruder = new DatabaseSync(file);
  intruder.exec(statement);
  intruder.close();
  expect(await store.inbox(run.id)).toEqual([]);
  expect(await store.refusedCommands(run.id)).toEqual([{ id: expect.any(String) as string, because: 'changed', ...(says !== undefined && { says }) }]);
});

test('a command that was moved to another run is refused there', async () => {
  const { file, store } = await driven();
  await store.createRun({ ...run, id: 'other' });
  await store.send(vote);
  const intruder = new DatabaseSync(file);
  intruder.exec("UPDATE inbox SET run = 'other'");
  intruder.close();
  expect(await store.inbox('other')).toEqual([]);
  expect(await store.refusedCommands('other')).toMatchObject([{ because: 'changed' }]);
});

test('a journal in a place where there can be none is reported as unreachable', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  expect(() => openSqliteStore(join(folder, 'file', 'journal.db'))).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_UNREACHABLE' }));
  mkdirSync(join(folder, 'journal.db'));
  expect(() => openSqliteStore(join(folder, 'journal.db'))).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_UNREACHABLE' }));
});

test('a full disk is reported, and nothing of the commit is recorded', async () => {
  const { database, store, commit } = await driven();
  database.exec(`PRAGMA max_page_count = ${database.pragma('page_count')}`);
  const long: FactBody = { fact: 'saved', key: 'k!run.1', state: 'x'.repeat(100_000) };
  await expect(commit(fired, long)).rejects.toMatchObject({ code: 'REL_JOURNAL_FULL' });
  expect((await store.readRun(run.id)).facts).toHaveLength(1);
});

test('a journal that another process keeps locked is reported, and can be written afterwards', async () => {
  const { database, file, commit } = await driven();
  database.exec('PRAGMA busy_timeout = 10');
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');
  await expect(commit(fired)).rejects.toMatchObject({ code: 'REL_JOURNAL_LOCKED' });
  holder.exec('ROLLBACK');
  holder.close();
  await commit(fired);
});

test('a journal that may not be written is reported', async () => {
  const { database, commit } = await driven();
  database.exec('PRAGMA query_only = 1');
  await expect(commit(fired)).rejects.toMatchObject({ code: 'REL_JOURNAL_READ_ONLY' });
});

test('several processes may open a new journal at the same moment', async () => {
  const file = join(temporaryFolder(), 'journal.db');
  const opener = `
    import { openSqliteStore } from '${join(import.meta.dirname, '../../../../src/run/store/sqlite/open-sqlite-store.ts')}';
    process.stdin.once('data', async () => {
      await openSqliteStore(${JSON.stringify(file)}).close();
      process.exit();
    });
    console.log('ready');
  `;
  const openers = [1, 2, 3, 4, 5, 6].map(() => spawn(process.execPath, ['--input-type=module', '-e', opener], { stdio: ['pipe', 'pipe', 'inherit'] }));
  await Promise.all(openers.map(({ stdout }) => once(stdout, 'data')));
  for (const { stdin } of openers) stdin.write('go');
  expect(await Promise.all(openers.map((child) => once(child, 'exit')))).toEqual(openers.map(() => [0, null]));
});

/** A run whose lease another process holds. */
async function heldBy(holder: object, now = () => 5_000): Promise<{ readonly store: SqliteStore; readonly database: Database }> {
  const database = openJournalFile(join(temporaryFolder(), 'journal.db'));
  onTestFinished(() => database.close());
  const store = new SqliteStore(database, now);
  await store.createRun(run);
  database.run('takeLease', { run: run.id, owner: JSON.stringify(holder), at: 5_000 });
  return { store, database };
}

test('a driver that is refused a lease is told which process holds it', async () => {
  const { store } = await heldBy(identifyProcess(process.pid));
  await expect(store.takeLease(run.id)).rejects.toMatchObject({ code: 'REL_RUN_BUSY', message: saying(`process ${process.pid} on `) });
});

test('a lease whose process has died on this host is free at once', async () => {
  const child = spawn('sleep', ['600']);
  const { store } = await heldBy(identifyProcess(child.pid!));
  await expect(store.takeLease(run.id)).rejects.toMatchObject({ code: 'REL_RUN_BUSY' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await store.takeLease(run.id)).fence).toBe(2);
});

test('a later process with the same number does not hold the lease', async () => {
  const { store } = await heldBy({ ...identifyProcess(process.pid), started: 'earlier' });
  expect((await store.takeLease(run.id)).fence).toBe(2);
});

test('a lease held on another host is free after its time to live', async () => {
  let now = 5_000 + leaseTtlMs - 1;
  const { store } = await heldBy({ host: 'another', pid: 1, started: 'x' }, () => now);
  await expect(store.takeLease(run.id)).rejects.toMatchObject({ code: 'REL_RUN_BUSY' });
  now += 1;
  expect((await store.takeLease(run.id)).fence).toBe(2);
});

test('a driver that exists and has not renewed its lease for fifteen seconds is silent', async () => {
  let now = 5_000 + 14_999;
  const { store } = await heldBy(identifyProcess(process.pid), () => now);
  expect(await store.driver(run.id)).toEqual({ pid: process.pid, host: hostname(), seenAt: 5_000, isSilent: false });
  now += 1;
  expect(await store.driver(run.id)).toMatchObject({ isSilent: true });
  expect(await store.driver('another')).toBeUndefined();
});

test('a process that has ended but was not collected counts as gone', () => {
  const dead = spawnSync('true');
  expect(lookUpProcess({ ...identifyProcess(process.pid), pid: dead.pid })).toBe('gone');
});
