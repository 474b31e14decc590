import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Random } from '../random.ts';

/** Damages a journal in one or two ways; returns what was done. What SQLite refuses to do is tried in another way. */
export function mutateJournal(file: string, random: Random): string {
  const done: string[] = [];
  for (let left = 1 + random.below(2); left > 0; left -= 1) done.push(random.below(5) < 3 ? mutateRows(file, random) : mutateBytes(file, random));
  return done.join('; ');
}

interface Column {
  readonly table: string;
  readonly column: string;
}

/** Everything that a reader shows or relies on. */
const columns: readonly Column[] = Object.entries({
  runs: ['id', 'name', 'created_at', 'fingerprint', 'state', 'outcome', 'wake_at', 'commands', 'seal', 'head_seq', 'head_hash'],
  facts: ['run', 'seq', 'at', 'body', 'body', 'body', 'hash'],
  measurements: ['n', 'run', 'step', 'at', 'body', 'body'],
  inbox: ['n', 'id', 'run', 'body', 'taken_seq'],
  leases: ['run', 'owner', 'fence', 'heartbeat_at'],
  meta: ['name', 'value'],
}).flatMap(([table, names]) => names.map((column) => ({ table, column })));

type Values = Record<string, SQLInputValue>;

function mutateRows(file: string, random: Random): string {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  try {
    for (let tries = 0; tries < 50; tries += 1) {
      const { table, column } = random.pick(columns);
      // The first way may have left a file that SQLite cannot read.
      const rows = tried(() => database.prepare(`SELECT * FROM ${table}`).all() as Values[]) ?? [];
      if (rows.length === 0) continue;
      const done = tried(() => random.pick(rowMutations)({ database, table, column, rows, random }));
      if (done !== undefined) return done;
    }
    return 'nothing';
  } finally {
    database.close();
  }
}

interface Target extends Column {
  readonly database: DatabaseSync;
  readonly rows: readonly Values[];
  readonly random: Random;
}

const rowMutations: readonly ((target: Target) => string)[] = [change, change, change, exchange, remove, repeat];

function change(target: Target): string {
  const { table, column, rows, random } = target;
  const row = random.pick(rows);
  const before = row[column] ?? null;
  const after = otherValue(before, rows.map((one) => one[column] ?? null), random);
  update(target, row, after);
  return `${table}.${column} changed from ${shown(before)} to ${shown(after)}`;
}

function exchange(target: Target): string {
  const { table, column, rows, random } = target;
  const [one, other] = [random.pick(rows), random.pick(rows)];
  update(target, other, one[column] ?? null);
  update(target, one, other[column] ?? null);
  return `${table}.${column} exchanged between two rows: ${shown(one[column] ?? null)} and ${shown(other[column] ?? null)}`;
}

function remove({ database, table, rows, random }: Target): string {
  const row = random.pick(rows);
  database.prepare(`DELETE FROM ${table} WHERE ${whereOf(table)}`).run(...keyOf(table, row));
  return `${table}: row ${JSON.stringify(keyOf(table, row))} removed`;
}

/** A second row with another key. */
function repeat({ database, table, rows, random }: Target): string {
  const row = { ...random.pick(rows) };
  for (const name of keys[table] ?? []) if (typeof row[name] === 'number') row[name] = row[name] + 1000;
  for (const name of ['id', 'name']) if (typeof row[name] === 'string') row[name] = `${row[name]}x`;
  const names = Object.keys(row);
  database.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`).run(...Object.values(row));
  return `${table}: row repeated as ${JSON.stringify(keyOf(table, row))}`;
}

const keys: Readonly<Record<string, readonly string[]>> = { runs: ['id'], facts: ['run', 'seq'], measurements: ['n'], inbox: ['n'], leases: ['run'], meta: ['name'] };
const whereOf = (table: string): string => (keys[table] ?? []).map((name) => `${name} = ?`).join(' AND ');
const keyOf = (table: string, row: Values): SQLInputValue[] => (keys[table] ?? []).map((name) => row[name] ?? null);

function update({ database, table, column }: Target, row: Values, value: SQLInputValue): void {
  database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${whereOf(table)}`).run(value, ...keyOf(table, row));
}

function otherValue(before: SQLInputValue, all: readonly SQLInputValue[], random: Random): SQLInputValue {
  if (typeof before === 'number') return random.pick([before + 1, before - 1, 0, -before, before * 1000, random.below(1e9)]);
  if (typeof before !== 'string') return random.pick([...all, 1, 'x', 'failed']);
  const at = random.below(before.length + 1);
  return random.pick([
    () => before.slice(0, at) + String.fromCharCode((before.charCodeAt(at) || 32) ^ (1 << random.below(7))) + before.slice(at + 1),
    () => before.slice(0, at),
    () => before.slice(0, at) + before.slice(at + 1 + random.below(3)),
    () => before.replace(/\d/, (digit) => String((Number(digit) + 1) % 10)),
    () => before.replace(random.pick([/"[a-z]+"/, /succeeded|failed|cancelled/, /pass|fail/, /true|false/]), random.pick(['"x"', 'succeeded', 'failed', 'pass', 'true'])),
    () => random.pick(all),
    () => random.pick(['', 'null', '{}', '[]', '7', '{"fact":"planned"}', 'over', 'parked', 'interrupted', 'running', 'paused', 'succeeded', 'failed']),
  ])();
}

const shown = (value: SQLInputValue): string => (JSON.stringify(value) as string | undefined)?.slice(0, 300) ?? '';

function tried<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

const pageSize = 4096;

function mutateBytes(file: string, random: Random): string {
  const bytes = readFileSync(file);
  const at = random.below(bytes.length || 1);
  const pages = Math.floor(bytes.length / pageSize);
  const page = (n: number) => bytes.subarray(n * pageSize, (n + 1) * pageSize);
  const [done, mutated] = random.pick<() => readonly [string, Uint8Array]>([
    () => [`byte ${String(at)} flipped`, bytes.fill((bytes[at] ?? 0) ^ (1 << random.below(8)), at, Math.min(bytes.length, at + 1))],
    () => [`bytes from ${String(at)} overwritten`, bytes.fill(random.below(256), at, Math.min(bytes.length, at + 1 + random.below(200)))],
    () => [`cut to ${String(at)} bytes`, bytes.subarray(0, at)],
    () => ['cut to pages', bytes.subarray(0, (1 + random.below(pages + 1)) * pageSize)],
    () => {
      const [one, other] = [random.below(pages + 1), random.below(pages + 1)];
      page(one).copy(page(other));
      return [`page ${String(one)} copied over page ${String(other)}`, bytes];
    },
    () => ['1000 bytes added', Buffer.concat([bytes, Buffer.alloc(1000, random.below(256))])],
  ])();
  writeFileSync(file, mutated);
  return done;
}
