import type { TaskOp } from '../../core/operation.ts';
import { StepLog } from './step-log.ts';
import type { TaskDeps } from './task-deps.ts';

/** The log of one attempt, whose lines are live events too. */
export function attemptLog({ step, verb, attempt }: TaskOp, { run, clock, folder, mask, onLive }: TaskDeps): StepLog {
  const file = folder.logFile({ step, verb, attempt });
  return new StepLog(file, mask, (stream, line) => onLive({ run, at: clock.now(), type: 'log', step, verb, attempt, stream, line }));
}
