import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { FactBody } from '../../../src/run/core/fact.ts';
import { emptyChain, linkFact, type ChainHead } from '../../../src/run/local/journal/fact-chain.ts';
import { journalFileIn, makeRelpipeFolder, rootAround } from '../../../src/run/local/journal/journal-place.ts';
import type { Journal } from '../../../src/run/local/journal/journal.ts';
import { openJournal } from '../../../src/run/local/journal/open-journal.ts';
import { newRunId } from '../../../src/run/local/journal/run-id.ts';
import { takeLease, type Lease } from '../../../src/run/local/lease/lease.ts';
import { journalIn, planned, run, saying, temporaryFolder } from './local-fixture.ts';

const clock = { now: () => 5_000 };
const fired = (key: string): FactBody => ({ fact: 'fired', key });

function record(journal: Journal, lease: Lease, bodies: readonly FactBody[], head: ChainHead = emptyChain, now = 5_000): ChainHead {
  const links = bodies.map((body) => {
    const link = linkFact(run.id, head, body, now);
    head = { seq: link.fact.seq, at: link.fact.at, hash: link.hash };
    return link;
  });
  journal.append(run.id, lease.fence, links);
  return head;
}

function withFacts() {
  const folder = temporaryFolder();
  const journal = journalIn(folder);
  journal.createRun(run);
  const lease = takeLease(journal, run.id, clock);
  record(journal, lease, [planned, fired('a!timer.1'), fired('b!timer.1')]);
  return { journal, lease, folder, file: join(folder, 'journal.db') };
}

test('facts are read back as they were recorded, by another process too', () => {
  const { folder } = withFacts();
  expect(journalIn(folder).readFacts(run.id)).toEqual([
    { ...planned, seq: 1, at: 5_000 },
    { ...fired('a!timer.1'), seq: 2, at: 5_000 },
    { ...fired('b!timer.1'), seq: 3, at: 5_000 },
  ]);
});

test('the recorded time never goes back', () => {
  const { journal, lease } = withFacts();
  record(journal, lease, [fired('c!timer.1')], journal.readRun(run.id).head, 10);
  expect(journal.readFacts(run.id).at(-1)).toMatchObject({ seq: 4, at: 5_000 });
});

test.each([
  ['changed', "UPDATE facts SET body = replace(body, 'a!timer', 'x!timer') WHERE seq = 2", 2],
  ['removed', 'DELETE FROM facts WHERE seq = 2', 2],
  ['given another time', 'UPDATE facts SET at = 6000 WHERE seq = 3', 3],
  ['cut off at the end', 'DELETE FROM facts WHERE seq = 3', 3],
  ['exchanged', 'UPDATE facts SET seq = CASE seq WHEN 2 THEN 30 ELSE 2 END WHERE seq > 1', 2],
])('a fact that was %s breaks the chain, and its number is named', (_, statement, seq) => {
  const { journal, file } = withFacts();
  const intruder = new DatabaseSync(file);
  intruder.exec(statement);
  intruder.close();
  expect(() => journal.readFacts(run.id)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_CHAIN_BROKEN', message: saying(`Fact ${seq} of run`) }));
});

test('a commit is all or nothing', () => {
  const { journal, lease } = withFacts();
  const head = journal.readRun(run.id).head;
  const good = linkFact(run.id, head, fired('c!timer.1'), 6_000);
  expect(() => journal.append(run.id, lease.fence, [good, good])).toThrow();
  expect(journal.readFacts(run.id)).toHaveLength(3);
});

test('a run is known by its summary, and refused a second time', () => {
  const { journal, lease } = withFacts();
  journal.summarise(run.id, lease.fence, { state: 'parked', wakeAt: 9_000 });
  expect(journal.runs()).toEqual([{ ...run, state: 'parked', wakeAt: 9_000, facts: 3 }]);
  expect(() => journal.createRun(run)).toThrow(expect.objectContaining({ code: 'REL_RUN_EXISTS' }));
  expect(() => journal.readFacts('20261120-0000-none')).toThrow(expect.objectContaining({ code: 'REL_RUN_UNKNOWN' }));
});

test('measurements are kept beside the facts', () => {
  const { journal } = withFacts();
  const record = { step: 's', gate: 'g', metric: 'm', side: 'candidate', at: 1, value: 'NaN', query: 'up', raw: { a: [1] }, warnings: [] } as const;
  journal.saveMeasurements(run.id, [record, { ...record, at: 2, value: null }]);
  expect(journal.readMeasurements(run.id)).toEqual([record, { ...record, at: 2, value: null }]);
});

test('every commit is synced to the disk, in a file others may read meanwhile', () => {
  const { journal } = withFacts();
  expect(journal.database.pragma('synchronous')).toBe(2);
  expect(new DatabaseSync(journal.file).prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
});

test('a journal of a newer relpipe is refused', () => {
  const { file } = withFacts();
  const newer = new DatabaseSync(file);
  newer.exec('PRAGMA user_version = 2');
  newer.close();
  expect(() => openJournal(file)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_NEWER', message: saying('format 2; this relpipe reads formats up to 1') }));
});

test("somebody else's database is left as it is", () => {
  const file = join(temporaryFolder(), 'other.db');
  const other = new DatabaseSync(file);
  other.exec('CREATE TABLE theirs (a)');
  expect(() => openJournal(file)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_FOREIGN' }));
  expect(other.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'theirs' }]);
  other.close();
});

test('a file that is no database is said to be damaged', () => {
  const file = join(temporaryFolder(), 'journal.db');
  writeFileSync(file, 'this is not a database, only some text that is long enough to be looked at'.repeat(20));
  expect(() => openJournal(file)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_DAMAGED' }));
});

test('a journal where there can be none is said so', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  expect(() => openJournal(join(folder, 'file', 'journal.db'))).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_UNREACHABLE' }));
  mkdirSync(join(folder, 'journal.db'));
  expect(() => openJournal(join(folder, 'journal.db'))).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_UNREACHABLE' }));
});

test('a full disk is said so, and nothing of the commit is recorded', () => {
  const { journal, lease } = withFacts();
  const pages = journal.database.pragma('page_count');
  journal.database.exec(`PRAGMA max_page_count = ${pages}`);
  const long: FactBody = { fact: 'saved', key: 'k!run.1', state: 'x'.repeat(100_000) };
  expect(() => record(journal, lease, [fired('c'), long], journal.readRun(run.id).head)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_FULL' }));
  expect(journal.readFacts(run.id)).toHaveLength(3);
});

test('a journal that another process keeps locked is said so', () => {
  const { journal, lease, file } = withFacts();
  const head = journal.readRun(run.id).head;
  journal.database.exec('PRAGMA busy_timeout = 10');
  const holder = new DatabaseSync(file);
  holder.exec('BEGIN IMMEDIATE');
  expect(() => record(journal, lease, [fired('c')], head)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_LOCKED' }));
  holder.exec('ROLLBACK');
  holder.close();
  record(journal, lease, [fired('c')], head);
});

test('several processes may open a new journal at the same moment', async () => {
  const file = join(temporaryFolder(), 'journal.db');
  const opener = `
    import { openJournal } from '${join(import.meta.dirname, '../../../src/run/local/journal/open-journal.ts')}';
    process.stdin.once('data', () => {
      openJournal(${JSON.stringify(file)}).close();
      process.exit();
    });
    console.log('ready');
  `;
  const openers = [1, 2, 3, 4, 5, 6].map(() => spawn(process.execPath, ['--input-type=module', '-e', opener], { stdio: ['pipe', 'pipe', 'inherit'] }));
  await Promise.all(openers.map(({ stdout }) => once(stdout, 'data')));
  for (const { stdin } of openers) stdin.write('go');
  expect(await Promise.all(openers.map((child) => once(child, 'exit')))).toEqual(openers.map(() => [0, null]));
});

test('a journal that may not be written is said so', () => {
  const { journal, lease } = withFacts();
  journal.database.exec('PRAGMA query_only = 1');
  expect(() => record(journal, lease, [fired('c')], journal.readRun(run.id).head)).toThrow(expect.objectContaining({ code: 'REL_JOURNAL_READ_ONLY' }));
});

test('a run id is short, sorts by its begin, and is made of the time and a tail', () => {
  expect(newRunId(Date.UTC(2026, 10, 20, 16, 42, 59))).toMatch(/^20261120-1642-[2-9a-z]{4}$/);
});

test('outside of git, the journal lies where the command was typed, or beside a file that lies elsewhere', () => {
  const [typed, elsewhere] = [temporaryFolder(), temporaryFolder()];
  expect(rootAround(join(typed, 'deploy'), typed)).toBe(typed);
  expect(rootAround(elsewhere, typed)).toBe(elsewhere);
});

test('the journal lies at the root of the git repository, ignored by git', () => {
  const root = temporaryFolder();
  const inside = join(root, 'deploy', 'here');
  mkdirSync(inside, { recursive: true });
  mkdirSync(join(root, '.git'));
  expect(journalFileIn(makeRelpipeFolder(rootAround(inside, root)))).toBe(join(root, '.relpipe', 'journal.db'));
  expect(readFileSync(join(root, '.relpipe', '.gitignore'), 'utf8')).toBe('*\n');
});
