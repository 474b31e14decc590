import { relpipeError } from '../../../errors/relpipe-error.ts';
import type { Result } from '../../core/fact.ts';
import type { TaskOp } from '../../core/operation.ts';
import { callAt } from '../clock.ts';
import { attemptLog } from './attempt-log.ts';
import { failureOf, stackOf } from './failure-of.ts';
import { runVerb } from './run-verb.ts';
import type { StepLog } from './step-log.ts';
import type { TaskDeps } from './task-deps.ts';
import { TaskStopped, type StopWhy } from './task-stopped.ts';

export interface RunningTask {
  /** Never rejects. */
  readonly done: Promise<Result>;
  /** Asks it to stop; from then on its own answer no longer counts. The first reason stays. */
  stop(why: StopWhy): void;
}

/** A step that ignores the signal for so long is given up. */
const unstoppableAfterMs = 10_000;

/** Starts one attempt. After `timeoutMs` it is asked to stop, and ends as timed out. */
export function startTask(op: TaskOp, deps: TaskDeps): RunningTask {
  const control = new AbortController();
  const log = attemptLog(op, deps);
  const stop = (why: StopWhy): void => control.abort(new TaskStopped(why));
  const callOffTimeout = callAt(deps.clock, deps.clock.now() + op.timeoutMs, () => stop('timed-out'));
  const work = attempt(op, deps, log, control.signal);
  const done = Promise.race([work, whenUnstoppable(op, deps, control.signal, work)]).finally(() => {
    callOffTimeout();
    log.close();
  });
  return { done, stop };
}

async function attempt(op: TaskOp, deps: TaskDeps, log: StepLog, signal: AbortSignal): Promise<Result> {
  try {
    const result = await runVerb(op, deps, log, signal);
    return signal.aborted ? stoppedResult(op, signal) : result;
  } catch (error) {
    const stack = stackOf(error);
    if (stack !== undefined && error !== signal.reason) log.line(stack);
    return signal.aborted ? stoppedResult(op, signal) : { status: 'failed', failure: failureOf(error, op.uses, deps.mask) };
  }
}

/** What it said itself after it was asked to stop cannot be trusted: a shell script may end with 0 when it is killed. */
function stoppedResult(op: TaskOp, signal: AbortSignal): Result {
  const why = signal.reason instanceof TaskStopped ? signal.reason.why : 'stopped';
  if (why === 'cancelled') return { status: 'cancelled' };
  if (why === 'stopped') return { status: 'lost' };
  const { code, message, hint } = relpipeError('REL_STEP_TIMED_OUT', { timeoutMs: op.timeoutMs });
  return { status: 'timed-out', failure: { code, message, retryable: true, ...(hint !== undefined && { hint }) } };
}

/** Only after a timeout: how long a cancelled step has is the core's to say. Never retryable, for the former attempt may still act. */
function whenUnstoppable(op: TaskOp, deps: TaskDeps, signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      if (!(signal.reason instanceof TaskStopped) || signal.reason.why !== 'timed-out') return;
      const callOff = deps.clock.after(unstoppableAfterMs, () => resolve(unstoppable(op, deps)));
      void work.finally(callOff);
    });
  });
}

const unstoppable = (op: TaskOp, deps: TaskDeps): Result => ({
  status: 'timed-out',
  failure: failureOf(relpipeError('REL_STEP_UNSTOPPABLE', { timeoutMs: op.timeoutMs }), op.uses, deps.mask),
});
