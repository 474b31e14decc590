import { hash } from 'node:crypto';
import { writeJson } from '../../../util/write-json.ts';
import type { GroupRow } from '../group-rules.ts';
import type { Database, Row } from './database.ts';
import { damaged } from './recorded-json.ts';

// Nothing overrides a group that another run holds, a changed row included: each has a seal, and their number is kept.

/** Throws `REL_JOURNAL_DAMAGED`. */
export function readGroups(database: Database): readonly GroupRow[] {
  const { is, should } = database.get('groupCounts') ?? {};
  if (String(is) !== String(should)) throw damaged(database.file, 'the list of groups of runs');
  return database.all('groups').map((row) => readGroup(database, row));
}

/** Only inside a transaction. */
export function writeGroups(database: Database, rows: readonly GroupRow[]): void {
  for (const row of rows) {
    const { group: name, ...rest } = row;
    database.run('writeGroup', { name, ...rest, seal: sealOf(row) });
  }
  if (rows.length > 0) database.run('countGroups');
}

function readGroup({ file }: Database, row: Row): GroupRow {
  const read: GroupRow = {
    group: String(row['name']),
    run: String(row['run']),
    at: row['at'] as GroupRow['at'],
    rank: Number(row['rank']),
    arrived: Number(row['arrived']),
    taken: Number(row['taken']),
    effect: row['effect'] as GroupRow['effect'],
  };
  if (row['seal'] !== sealOf(read)) throw damaged(file, `what run ${read.run} has to do with the group ${read.group}`);
  return read;
}

const sealOf = ({ group, run, at, rank, arrived, taken, effect }: GroupRow): string =>
  hash('sha256', writeJson([group, run, at, rank, arrived, taken, effect]));
