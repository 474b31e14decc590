import type { Finding } from './finding.ts';
import { isStepError } from './step-error.ts';

/**
 * A `StepError` that a `verify` ran into, as its finding: a warning where trying again could help, because then it could
 * only not be checked now, else an error. Anything that is no `StepError` is thrown on.
 */
export function findingFrom(error: unknown): Finding {
  if (!isStepError(error)) throw error;
  const { code, message, hint, retryable } = error;
  return {
    level: retryable ? 'warning' : 'error',
    code,
    message: retryable ? `${message} It could not be checked.` : message,
    ...(hint !== undefined && { hint }),
  };
}
