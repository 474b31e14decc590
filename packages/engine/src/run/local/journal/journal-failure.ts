import { relpipeError, type RelpipeError } from '../../../errors/relpipe-error.ts';

const primaryCodes = { busy: 5, locked: 6, readOnly: 8, inputOutput: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

/**
 * The refusal behind an error of SQLite, or undefined when it is none of SQLite's.
 * Codes: https://www.sqlite.org/rescode.html (an extended code keeps the primary one in its low byte).
 */
export function journalFailure(error: unknown, file: string): RelpipeError | undefined {
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
