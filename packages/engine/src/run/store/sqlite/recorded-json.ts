import { relpipeError } from '../../../errors/relpipe-error.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A JSON object of the journal whose fields no chain covers, checked where it is read. `of` says what it is part of. Throws
 * `REL_JOURNAL_DAMAGED`.
 */
export function readRecorded<T>(text: unknown, isWhole: (fields: Fields) => boolean, file: string, of: string): T {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || !isWhole(value as Fields)) throw damaged(file, of);
  return value as T;
}

export const damaged = (file: string, of: string) => relpipeError('REL_JOURNAL_DAMAGED', { file, detail: `${of} cannot be read` });
