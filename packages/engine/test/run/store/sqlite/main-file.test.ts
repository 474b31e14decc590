import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { FactBody } from '../../../../src/run/core/fact.ts';
import { emptyChain, linkFact } from '../../../../src/run/store/fact-chain.ts';
import { openSqliteStore } from '../../../../src/run/store/sqlite/open-sqlite-store.ts';
import { identifyProcess } from '../../../../src/util/process-identity.ts';
import { saying, temporaryFolder } from '../../local/local-fixture.ts';
import { planned, run } from '../../local/plain-plan.ts';

const fired: FactBody = { fact: 'fired', key: 'c!timer.1' };

/** A run whose driver has made its first commit, and can make more. */
async function drivenIn(folder: string) {
  const file = join(folder, 'journal.db');
  const store = openSqliteStore(file);
  await store.createRun(run);
  const lease = await store.takeLease(run.id);
  let head = emptyChain;
  const commit = (body: FactBody): Promise<void> => {
    const link = linkFact(run.id, head, body, 5_000);
    head = { seq: link.fact.seq, at: link.fact.at, hash: link.hash };
    return store.commit({ ...lease, facts: [link] });
  };
  await commit(planned);
  return { file, store, lease, commit };
}

/** What a killed driver leaves, as the next machine restores it: the main file, with the WAL or without. */
function restored(file: string, ends: readonly string[]): string {
  const copy = join(temporaryFolder(), 'journal.db');
  for (const end of ends) copyFileSync(file + end, copy + end);
  const database = new DatabaseSync(copy);
  database.prepare('UPDATE leases SET owner = ? WHERE owner IS NOT NULL').run(JSON.stringify({ ...identifyProcess(process.pid), started: 'earlier' }));
  // As long as this connection is open, the WAL stays: it is copied as a crash leaves it.
  const left = join(temporaryFolder(), 'journal.db');
  for (const end of ends) copyFileSync(copy + end, left + end);
  database.close();
  if (!ends.includes('-wal')) copyFileSync(copy, left);
  return left;
}

const factsIn = async (file: string): Promise<number | undefined> => {
  const store = openSqliteStore(file);
  const facts = (await store.runs())[0]?.facts;
  await store.close();
  return facts;
};

const incomplete = expect.objectContaining({ code: 'REL_JOURNAL_INCOMPLETE' }) as Error;

test('the main file alone is the whole journal once a process has ended its part of a run, also while another one reads it', async () => {
  const { file, store, lease, commit } = await drivenIn(temporaryFolder());
  await commit(fired);
  const reader = new DatabaseSync(file);
  await lease.release();
  const copy = join(temporaryFolder(), 'journal.db');
  copyFileSync(file, copy);
  expect(await factsIn(copy)).toBe(2);
  reader.close();
  await store.close();
});

test('the main file of a killed driver without its WAL is refused for every use, and says what is missing', async () => {
  const { file, store, commit } = await drivenIn(temporaryFolder());
  await commit(fired);
  const left = restored(file, ['']);
  expect(() => openSqliteStore(left)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_INCOMPLETE', message: saying(`${left}-wal belongs to it, and is missing`) }));
  expect(() => openSqliteStore(left, Date.now, 'read')).toThrow(incomplete);
  await store.close();
});

test('its first facts are in the main file all the same, for a person who accepts the loss with an empty WAL', async () => {
  const { file, store, commit } = await drivenIn(temporaryFolder());
  await commit(fired);
  const left = restored(file, ['']);
  writeFileSync(`${left}-wal`, '');
  expect(await factsIn(left)).toBe(1);
  expect(await factsIn(left)).toBe(1);
  await store.close();
});

test('a killed driver leaves a whole journal in both files, which is one file again after any command', async () => {
  const { file, store, commit } = await drivenIn(temporaryFolder());
  await commit(fired);
  const left = restored(file, ['', '-wal']);
  expect(await factsIn(left)).toBe(2);
  expect(existsSync(`${left}-wal`)).toBe(false);
  expect(await factsIn(left)).toBe(2);
  await store.close();
});

test('a command beside a living driver does not make its main file look whole', async () => {
  const { file, store, commit } = await drivenIn(temporaryFolder());
  expect(await factsIn(file)).toBe(1);
  await commit(fired);
  expect(() => openSqliteStore(restored(file, ['']))).toThrow(incomplete);
  await store.close();
});

test('a journal whose tables are all in a WAL that was left behind is not taken for a new one', () => {
  const file = join(temporaryFolder(), 'journal.db');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE runs (id TEXT)');
  const left = join(temporaryFolder(), 'journal.db');
  copyFileSync(file, left);
  database.close();
  expect(() => openSqliteStore(left)).toThrow(incomplete);
});

test('a WAL whose main file was left behind is not taken for a new journal', async () => {
  const { file, store, commit } = await drivenIn(temporaryFolder());
  await commit(fired);
  const left = join(temporaryFolder(), 'journal.db');
  copyFileSync(`${file}-wal`, `${left}-wal`);
  expect(() => openSqliteStore(left)).toThrow(incomplete);
  expect(existsSync(left)).toBe(false);
  await store.close();
});
