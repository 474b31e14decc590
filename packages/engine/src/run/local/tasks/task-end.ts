import { readStepError } from '../../../errors/read-step-error.ts';
import { isRelpipeError, relpipeError } from '../../../errors/relpipe-error.ts';
import { messageOf, shorten } from '../../../util/phrases.ts';
import type { Result } from '../../core/fact.ts';
import type { Failure } from '../../core/failure.ts';
import type { TaskOp } from '../../core/operation.ts';
import type { Mask } from '../masking/mask-secrets.ts';
import { grantedGraceMs, interruptedGraceMs } from '../timeouts.ts';

type StopReason = 'cancelled' | 'timed-out' | 'interrupted';

/** Why a task's signal was aborted. `interrupted`: the process ends, and the run is resumed later. */
export class TaskStopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason) {
    super(`the step was ${reason}`);
    this.name = 'TaskStopped';
    this.reason = reason;
  }
}

const reasonOf = (signal: AbortSignal): StopReason => (signal.reason instanceof TaskStopped ? signal.reason.reason : 'interrupted');

export const hasTimedOut = (signal: AbortSignal): boolean => signal.aborted && reasonOf(signal) === 'timed-out';

/** How long a command has between SIGTERM and SIGKILL. */
export const graceOf = (signal: AbortSignal): number =>
  signal.reason instanceof TaskStopped && signal.reason.reason === 'interrupted' ? interruptedGraceMs : grantedGraceMs;

/** What it reported itself after it was asked to stop cannot be trusted: a shell script may end with 0 when it is killed. */
export function stoppedResult(op: TaskOp, signal: AbortSignal): Result {
  const reason = reasonOf(signal);
  if (reason === 'cancelled') return { status: 'cancelled' };
  if (reason === 'interrupted') return { status: 'lost' };
  const { code, message, hint } = relpipeError('REL_STEP_TIMED_OUT', { timeoutMs: op.timeoutMs });
  return { status: 'timed-out', failure: { code, message, retryable: true, ...(hint !== undefined && { hint }) } };
}

/** Never retryable, for the previous attempt may still act. */
export const unstoppableResult = (op: TaskOp, mask: Mask): Result => ({
  status: 'timed-out',
  failure: failureOf(relpipeError('REL_STEP_UNSTOPPABLE', { timeoutMs: op.timeoutMs }), op.uses, mask),
});

/**
 * What is recorded of an error. One that the step type did not mean to throw, or that does not have the shape of a `StepError`, is
 * `REL_STEP_THREW`. Secrets in it are masked, and a text of megabytes is cut.
 */
export function failureOf(error: unknown, uses: string, mask: Mask): Failure {
  const { code, message, hint } = knownOf(error) ?? relpipeError('REL_STEP_THREW', { uses, detail: messageOf(error) });
  const { retryable = false, changedByOthers = false } = readStepError(error) ?? {};
  // Masked first: a secret that is cut in two would not be found.
  const shown = (text: string): string => shorten(mask.text(text));
  return {
    code: mask.text(code),
    message: shown(message),
    retryable,
    ...(hint !== undefined && { hint: shown(hint) }),
    ...(changedByOthers && { changedByOthers }),
  };
}

const knownOf = (error: unknown) => (isRelpipeError(error) ? error : readStepError(error));

/** A plugin may have put anything there. */
const textOf = (text: unknown): string => String(text);

/** For the log: the stack of an error that nobody meant to throw. */
export function stackOf(error: unknown): string | undefined {
  try {
    return knownOf(error) === undefined && error instanceof Error ? textOf(error.stack ?? error.message) : undefined;
  } catch {
    return undefined;
  }
}
