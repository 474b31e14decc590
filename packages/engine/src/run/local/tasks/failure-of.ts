import { isStepError } from '../../../contract/index.ts';
import { isRelpipeError, relpipeError } from '../../../errors/relpipe-error.ts';
import type { Failure } from '../../core/failure.ts';
import type { Mask } from '../mask-secrets.ts';

/** What is recorded of an error. What the step type did not mean to throw is `REL_STEP_THREW`. Secrets in its words are masked. */
export function failureOf(error: unknown, uses: string, mask: Mask): Failure {
  const known = isKnown(error) ? error : relpipeError('REL_STEP_THREW', { uses, detail: detailOf(error) });
  return {
    code: known.code,
    message: mask.text(known.message),
    retryable: isStepError(known) && known.retryable,
    ...(known.hint !== undefined && { hint: mask.text(known.hint) }),
  };
}

/** For the log: the stack of what nobody meant to throw. */
export const stackOf = (error: unknown): string | undefined =>
  isKnown(error) ? undefined : error instanceof Error ? (error.stack ?? error.message) : undefined;

const isKnown = (error: unknown) => isStepError(error) || isRelpipeError(error);

const detailOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
