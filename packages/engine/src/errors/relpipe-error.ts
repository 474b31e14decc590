import { StepError } from '../contract/index.ts';
import { type ErrorCode, type ErrorDetails, type ErrorText, errorText } from './catalogue.ts';

const brand = Symbol.for('relpipe.error');

/** An expected refusal with a code of the catalogue. */
export class RelpipeError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, text: ErrorText, cause?: unknown) {
    super(text.message, { cause });
    this.name = 'RelpipeError';
    this.code = code;
    this.hint = text.hint;
  }
}

/** Makes the error of a code from the values it speaks of. */
export const relpipeError = <C extends ErrorCode>(code: C, details: ErrorDetails<C>, cause?: unknown): RelpipeError =>
  new RelpipeError(code, errorText(code, details), cause);

export const isRelpipeError = (error: unknown): error is RelpipeError => typeof error === 'object' && error !== null && brand in error;

/** An error of the catalogue as a step throws it. `retryable`: trying again could help. */
export function relpipeStepError<C extends ErrorCode>(code: C, details: ErrorDetails<C>, retryable = false): StepError {
  const { message, hint } = errorText(code, details);
  return new StepError(code, message, { retryable, ...(hint !== undefined && { hint }) });
}
