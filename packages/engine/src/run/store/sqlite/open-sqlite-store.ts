import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { relpipeError } from '../../../errors/relpipe-error.ts';
import { messageOf } from '../../../util/phrases.ts';
import type { RunStore } from '../run-store.ts';
import { Database } from './database.ts';
import { applicationId, journalFormat, schemaSql } from './journal-sql.ts';
import { isWithoutWal, incomplete, requireJournal, requireRest } from './main-file.ts';
import { SqliteStore } from './sqlite-store.ts';

/**
 * Opens the journal file, and makes it when there is none. Throws `REL_JOURNAL_INCOMPLETE`, `REL_JOURNAL_OLDER`, `REL_JOURNAL_NEWER`, `REL_JOURNAL_FOREIGN`, and
 * the other `REL_JOURNAL_…` errors when the disk refuses.
 */
export function openSqliteStore(file: string, now: () => number = Date.now, access: 'read' | 'write' = 'write'): RunStore {
  const database = openJournalFile(file, access === 'write' || isWritable(file));
  return new SqliteStore(database, now);
}

/** The connection alone, its format checked. */
export function openJournalFile(file: string, mayWrite = true): Database {
  makeFolder(file);
  requireJournal(file);
  const isAlone = isWithoutWal(file);
  const database = new Database(file, mayWrite);
  try {
    requireFormat(database, isAlone);
    if (isAlone) requireRest(database);
    database.useWal();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A file that is still to be made counts as writable. SQLite writes two files beside it. */
function isWritable(file: string): boolean {
  if (!existsSync(file)) return true;
  try {
    for (const path of [file, dirname(file)]) accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function makeFolder(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw relpipeError('REL_JOURNAL_UNREACHABLE', { file, detail: messageOf(error) }, error);
  }
}

function requireFormat(database: Database, isAlone: boolean): void {
  if (database.pragma('user_version') === 0) {
    // Two processes may come here at once: the second one finds the tables under the lock.
    database.inTransaction(() => {
      if (database.pragma('user_version') === 0) create(database, isAlone);
    });
  }
  const { file } = database;
  if (database.pragma('application_id') !== applicationId) throw relpipeError('REL_JOURNAL_FOREIGN', { file });
  const format = database.pragma('user_version');
  if (format > journalFormat) throw relpipeError('REL_JOURNAL_NEWER', { file, format, known: journalFormat });
  if (format < journalFormat) throw relpipeError('REL_JOURNAL_OLDER', { file, format, known: journalFormat });
}

function create(database: Database, isAlone: boolean): void {
  if (Number(database.get('tables')?.['n']) > 0) throw relpipeError('REL_JOURNAL_FOREIGN', { file: database.file });
  if (isAlone) throw incomplete(database.file);
  database.exec(schemaSql);
}
