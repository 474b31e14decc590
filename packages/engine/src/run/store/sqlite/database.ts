import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { isRelpipeError, relpipeError, type RelpipeError } from '../../../errors/relpipe-error.ts';
import { connectionSql, sql, type SqlName, walSql } from './journal-sql.ts';

export type Row = Record<string, SQLOutputValue>;
type Given = readonly SQLInputValue[] | Record<string, SQLInputValue>;

/** How long a connection waits for another one's lock. */
const patienceMs = 5_000;
const tryAgainMs = 20;

/** One connection to a journal file: prepared statements by name, and errors in the reader's words. */
export class Database {
  readonly file: string;
  readonly #mayWrite: boolean;
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<SqlName, StatementSync>();

  constructor(file: string, mayWrite = true) {
    this.file = file;
    this.#mayWrite = mayWrite;
    this.#db = this.#translatingErrors(() => new DatabaseSync(mayWrite ? file : readOnlyPlace(file), { timeout: patienceMs, readOnly: !mayWrite }));
    try {
      if (mayWrite) this.exec(connectionSql);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  exec(script: string): void {
    this.#translatingErrors(() => this.#db.exec(script));
  }

  /** A number the file's header holds, e.g. `user_version`. */
  pragma(name: string): number {
    return Number(this.#translatingErrors(() => this.#db.prepare(`PRAGMA ${name}`).get())?.[name] ?? 0);
  }

  run(name: SqlName, given: Given = []): number {
    const statement = this.#statement(name);
    return Number(this.#translatingErrors(() => (isList(given) ? statement.run(...given) : statement.run(given))).changes);
  }

  get(name: SqlName, given: Given = []): Row | undefined {
    const statement = this.#statement(name);
    return this.#translatingErrors(() => (isList(given) ? statement.get(...given) : statement.get(given)));
  }

  all(name: SqlName, given: readonly SQLInputValue[] = []): readonly Row[] {
    return this.#translatingErrors(() => this.#statement(name).all(...given));
  }

  /** All of it or nothing; the write lock is taken first, so that what is read inside still holds when it commits. */
  inTransaction<T>(act: () => T): T {
    this.exec(this.#mayWrite ? 'BEGIN IMMEDIATE' : 'BEGIN');
    try {
      const result = act();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite may have rolled back by itself, e.g. when the disk is full.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#prepared.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  /**
   * What is written from here on goes to the WAL first. While another process makes the same file a WAL, SQLite reports "locked" at once,
   * without its own patience.
   */
  useWal(): void {
    if (!this.#mayWrite) return;
    for (let waitedMs = 0; ; waitedMs += tryAgainMs) {
      try {
        this.exec(walSql);
        return;
      } catch (error) {
        if (!isRelpipeError(error) || error.code !== 'REL_JOURNAL_LOCKED' || waitedMs >= patienceMs) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, tryAgainMs);
      }
    }
  }

  #statement(name: SqlName): StatementSync {
    let statement = this.#prepared.get(name);
    if (statement === undefined) {
      statement = this.#translatingErrors(() => this.#db.prepare(sql[name]));
      this.#prepared.set(name, statement);
    }
    return statement;
  }

  #translatingErrors<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw journalFailure(error, this.file) ?? error;
    }
  }
}

/** Where no other process has the file open, SQLite would make the files of its WAL first (https://www.sqlite.org/wal.html, read-only). */
function readOnlyPlace(file: string): URL {
  const place = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) place.searchParams.set('immutable', '1');
  return place;
}

const isList = (given: Given): given is readonly SQLInputValue[] => Array.isArray(given);

const primaryCodes = { error: 1, busy: 5, locked: 6, readOnly: 8, inputOutput: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

/**
 * The error for the user for an error of SQLite; undefined for errors of other origin.
 * Codes: https://www.sqlite.org/rescode.html (an extended code keeps the primary one in its low byte).
 */
function journalFailure(error: unknown, file: string): RelpipeError | undefined {
  if (!isSqliteError(error)) return undefined;
  const detail = error.errstr;
  switch (error.errcode & 0xff) {
    case primaryCodes.busy:
    case primaryCodes.locked:
      return relpipeError('REL_JOURNAL_LOCKED', { file }, error);
    case primaryCodes.readOnly:
      return relpipeError('REL_JOURNAL_READ_ONLY', { file }, error);
    case primaryCodes.full:
      return relpipeError('REL_JOURNAL_FULL', { file }, error);
    case primaryCodes.corrupt:
    case primaryCodes.notADatabase:
      return relpipeError('REL_JOURNAL_DAMAGED', { file, detail }, error);
    // The statements are always the same: what they name has to be there.
    case primaryCodes.error:
      return relpipeError('REL_JOURNAL_DAMAGED', { file, detail: error.message }, error);
    case primaryCodes.inputOutput:
    case primaryCodes.cannotOpen:
      return relpipeError('REL_JOURNAL_UNREACHABLE', { file, detail }, error);
    default:
      return undefined;
  }
}

interface SqliteError extends Error {
  readonly errcode: number;
  readonly errstr: string;
}

const isSqliteError = (error: unknown): error is SqliteError =>
  error instanceof Error && 'errcode' in error && 'errstr' in error;
