import { StepError } from 'relpipe/plugin';

/** The same error, with more that is known or can be done. */
export function withHints({ code, message, hint, retryable, cause }: StepError, ...more: readonly (string | undefined)[]): StepError {
  const hints = [hint, ...more].filter((one) => one !== undefined);
  return new StepError(code, message, { ...(hints.length > 0 && { hint: hints.join(' ') }), retryable, cause });
}
