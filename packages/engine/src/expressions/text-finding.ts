import { type ErrorCode, type ErrorDetails, errorText } from '../errors/catalogue.ts';

/** Something wrong in a string of the file: where in the string, counted in UTF-16 units from its first character. */
export interface TextFinding {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
  /** At least 1. */
  readonly length: number;
}

/** A stretch of a string. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** Makes the finding of a code from the values it speaks of. */
export const textFinding = <C extends ErrorCode>(code: C, details: ErrorDetails<C>, span: Span): TextFinding => ({
  code,
  ...errorText(code, details),
  offset: span.offset,
  length: Math.max(1, span.length),
});

/** The finding as it reads in a longer string, in which its own string starts at `offset`. */
export const shifted = (finding: TextFinding, offset: number): TextFinding => ({
  ...finding,
  offset: finding.offset + offset,
});
