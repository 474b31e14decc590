import type { Finding } from '../contract/finding.ts';
import { isStepError } from '../contract/step-error.ts';

/**
 * The finding for a `StepError` that `verify` caught. A retryable error becomes a warning: what it is about could not be checked now. Any
 * other `StepError` becomes an error.
 * @throws the error itself when it is not a `StepError`: that is a defect of the plugin
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

/**
 * Whether the same request may succeed later, by the HTTP status of its answer; for `retryable` of a `StepError`.
 * - 408 and 429: the server gave up waiting, or asks for a pause.
 * - 5xx: the server or a proxy before it is overloaded, restarting or broken (500, 502, 503, 504, 507 …).
 * - Not 501 and 505: the server does not implement the method or the version of HTTP, and will not after a pause.
 */
export const isTransient = (status: number): boolean =>
  status === 408 || status === 429 || (status >= 500 && status <= 599 && status !== 501 && status !== 505);
