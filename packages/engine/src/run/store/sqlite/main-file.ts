import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { isRelpipeError, relpipeError, type RelpipeError } from '../../../errors/relpipe-error.ts';
import type { Database } from './database.ts';
import { foldInSql } from './journal-sql.ts';
import { isAnyDriverAlive } from './sqlite-lease.ts';

// SQLite writes to a file beside the journal, the WAL, and brings that into the journal's main file later. After a crash, people may keep
// the main file alone. So everything is folded in where a process starts and ends its part of a run, and in between the main file is marked
// as only a part. As long as a connection is open, and after a crash, the WAL is there.

/** A main file of a WAL without its WAL: either all is folded in, or the rest was left behind. */
export const isWithoutWal = (file: string): boolean => !existsSync(walOf(file)) && usesWal(file);

/** The rest of a journal without its main file: SQLite would drop it. Throws `REL_JOURNAL_INCOMPLETE`. */
export function requireJournal(file: string): void {
  const wal = walOf(file);
  if (!existsSync(file) && existsSync(wal) && statSync(wal).size > 0) throw incomplete(file, file);
}

/** For a main file without its WAL. Throws `REL_JOURNAL_INCOMPLETE` when the rest of it was left behind. */
export function requireRest(database: Database): void {
  // Where a driver lives, the WAL has come since.
  if (database.get('partMark') !== undefined && !isAnyDriverAlive(database)) throw incomplete(database.file);
}

export const incomplete = (file: string, missing = walOf(file)): RelpipeError => relpipeError('REL_JOURNAL_INCOMPLETE', { file, missing });

/**
 * Nobody who is alive writes any more: what the WAL holds is folded in by the process that closes the file last. A journal that refuses this keeps
 * its WAL.
 */
export function markAsWhole(database: Database): void {
  try {
    if (database.get('partMark') === undefined) return;
    database.inTransaction(() => {
      if (!isAnyDriverAlive(database)) database.run('markAsWhole');
    });
  } catch (error) {
    if (!isRelpipeError(error)) throw error;
  }
}

/** Brings what was committed into the main file. Where that is not possible now, it stays in the WAL, and the main file marked. */
export function foldIn(database: Database): void {
  try {
    database.exec(foldInSql);
  } catch (error) {
    if (!isRelpipeError(error)) throw error;
  }
}

const walOf = (file: string): string => `${file}-wal`;

/** Source: https://www.sqlite.org/fileformat2.html, byte 18, the "file format write version". */
function usesWal(file: string): boolean {
  const header = Buffer.alloc(19);
  try {
    const opened = openSync(file, 'r');
    try {
      return readSync(opened, header) === header.length && header[18] === 2;
    } finally {
      closeSync(opened);
    }
  } catch {
    // Opening it as a database says why.
    return false;
  }
}
