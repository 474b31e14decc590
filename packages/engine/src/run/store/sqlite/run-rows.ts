import { hash } from 'node:crypto';
import { relpipeError } from '../../../errors/relpipe-error.ts';
import { writeJson } from '../../../util/write-json.ts';
import type { NewRun, RunRow, RunSummary } from '../run-store.ts';
import type { Database, Row } from './database.ts';
import { damaged } from './recorded-json.ts';

// The row of a run says what no fact says: that it is parked, until when, and how many commands it was sent. A seal over it shows that it was
// changed, and the number of runs that one was removed. The facts have a chain of their own.

/** Only inside a transaction. Throws `REL_RUN_EXISTS`. */
export function insertRun(database: Database, { id, name, createdAt, fingerprint }: NewRun): void {
  if (findRunRow(database, id) !== undefined) throw relpipeError('REL_RUN_EXISTS', { run: id, file: database.file });
  database.run('createRun', { id, name, createdAt, fingerprint });
  database.run('countRun');
  seal(database, id);
}

/** Only inside a transaction. */
export function summariseRun(database: Database, run: string, { state, outcome = null, wakeAt = null }: { readonly [K in keyof RunSummary]: RunSummary[K] | null }): void {
  database.run('summarise', { run, state, outcome, wakeAt });
  seal(database, run);
}

/** One more command was sent. Only inside a transaction. */
export function countCommand(database: Database, run: string): void {
  database.run('countCommand', [run]);
  seal(database, run);
}

/** Oldest first. Throws `REL_JOURNAL_DAMAGED`. */
export function readRunRows(database: Database): readonly RunRow[] {
  requireAllRuns(database);
  return database.all('runs').map((row) => readRunRow(database, row));
}

/** Throws `REL_JOURNAL_DAMAGED`. */
export function findRunRow(database: Database, run: string): RunRow | undefined {
  const row = database.get('run', [run]);
  if (row !== undefined) return readRunRow(database, row);
  requireAllRuns(database);
  return undefined;
}

function requireAllRuns(database: Database): void {
  const { is, should } = database.get('runCounts') ?? {};
  if (String(is) !== String(should)) throw damaged(database.file, 'the list of runs');
}

function seal(database: Database, run: string): void {
  const row = database.get('run', [run]);
  if (row !== undefined) database.run('seal', [sealOf(row), run]);
}

const sealed = ['id', 'name', 'created_at', 'fingerprint', 'state', 'outcome', 'wake_at', 'commands'];

const sealOf = (row: Row): string => hash('sha256', writeJson(sealed.map((column) => String(row[column]))));

function readRunRow({ file }: Database, row: Row): RunRow {
  const id = String(row['id']);
  const state = states.find((known) => known === row['state']);
  if (state === undefined || row['seal'] !== sealOf(row)) throw damaged(file, `the state of run ${id}`);
  return {
    id,
    name: String(row['name']),
    createdAt: Number(row['created_at']),
    fingerprint: String(row['fingerprint']),
    state,
    facts: Number(row['head_seq']),
    ...(row['outcome'] !== null && { outcome: String(row['outcome']) }),
    ...(row['wake_at'] !== null && { wakeAt: Number(row['wake_at']) }),
  };
}

const states: readonly RunSummary['state'][] = ['running', 'parked', 'paused', 'interrupted', 'over'];
