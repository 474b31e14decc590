import { shorten } from '../../../util/phrases.ts';
import type { Result } from '../../core/fact.ts';
import type { TaskOp } from '../../core/operation.ts';
import { callAt } from '../clock.ts';
import { unstoppableAfterMs } from '../timeouts.ts';
import { keepArtifacts } from './keep-artifacts.ts';
import { runVerb } from './run-verb.ts';
import { attemptLog, type StepLog } from './step-log.ts';
import { failureOf, hasTimedOut, stackOf, stoppedResult, TaskStopped, unstoppableResult } from './task-end.ts';
import type { TaskDeps } from './workplace.ts';

export interface RunningTask {
  /** Never rejects. */
  readonly done: Promise<Result>;
  /** Asks it to stop; from then on its own answer no longer counts. The first reason stays. */
  stop(reason: TaskStopped['reason']): void;
}

/** Starts one attempt. After `timeoutMs` it is asked to stop, and ends as timed out. */
export function startTask(op: TaskOp, deps: TaskDeps): RunningTask {
  const control = new AbortController();
  const log = attemptLog(op, deps);
  const stop: RunningTask['stop'] = (reason) => control.abort(new TaskStopped(reason));
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
    return signal.aborted ? stoppedResult(op, signal) : await withArtifacts(result, op, deps, log);
  } catch (error) {
    const stack = stackOf(error);
    if (stack !== undefined && error !== signal.reason) log.line(shorten(deps.mask.text(stack)));
    if (signal.aborted) return stoppedResult(op, signal);
    return withArtifacts({ status: 'failed', failure: failureOf(error, op.uses, deps.mask) }, op, deps, log);
  }
}

/** Also of an attempt that failed: its files say why. */
async function withArtifacts(result: Result, op: TaskOp, deps: TaskDeps, log: StepLog): Promise<Result> {
  if (result.status !== 'succeeded' && result.status !== 'failed') return result;
  const artifacts = await keepArtifacts(op, deps, log);
  return artifacts.length === 0 ? result : { ...result, artifacts };
}

/** Only after a timeout: how long a cancelled step has is decided by the core. */
function whenUnstoppable(op: TaskOp, { clock, mask }: TaskDeps, signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      if (!hasTimedOut(signal)) return;
      const callOff = clock.after(unstoppableAfterMs, () => resolve(unstoppableResult(op, mask)));
      void work.finally(callOff);
    });
  });
}
