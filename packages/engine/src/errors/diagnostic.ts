import { type ErrorCode, type ErrorDetails, errorText } from './catalogue.ts';

/** A stretch of a source file; lines and columns count from 1, columns in UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Number of characters that the caret line underlines; at least 1. */
  readonly length: number;
}

/** A finding about what the user wrote: with its place, and what to do about it. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** From the catalogue, or a plugin's own code. */
  readonly code: ErrorCode | (string & {});
  readonly message: string;
  readonly hint?: string;
  /** Missing for what has no place in a file, e.g. a command line input. */
  readonly at?: Place;
  /** Further places with a note each, e.g. the edges of a cycle. */
  readonly related?: readonly { readonly at: Place; readonly note: string }[];
}

/** Makes the finding of a code from the values it speaks of. */
export const diagnose = <C extends ErrorCode>(
  code: C,
  details: ErrorDetails<C>,
  at?: Place,
  related?: Diagnostic['related'],
): Diagnostic => ({
  severity: 'error',
  code,
  ...errorText(code, details),
  ...(at && { at }),
  ...(related && related.length > 0 && { related }),
});

/** The same for what stops nothing. */
export const warn = <C extends ErrorCode>(...finding: Parameters<typeof diagnose<C>>): Diagnostic => ({ ...diagnose(...finding), severity: 'warning' });
