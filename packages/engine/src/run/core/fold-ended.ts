import { unitOf } from './clearance.ts';
import { failureOf } from './failure.ts';
import type { Fact, Result } from './fact.ts';
import type { TaskOp } from './op.ts';
import { closeOp } from './open-and-close.ts';
import { becomeNext } from './readiness.ts';
import { isGroup, type StepState } from './node.ts';
import type { RunState } from './run-state.ts';
import { settleStep } from './settle.ts';
import { isOfUndo } from './task-op.ts';
import { undoEnded } from './way-back.ts';
import { taskOver } from './working-time.ts';

const probeTries = 3;

/** A task said how it ended. */
export function foldEnded(state: RunState, fact: Extract<Fact, { fact: 'ended' }>): void {
  const step = state.owners.get(fact.key);
  const op = step?.open.get(fact.key);
  if (step === undefined || isGroup(step) || op?.op !== 'task') return;
  closeOp(state, step, fact.key);
  state.openTasks--;
  state.dirty.add(step);
  if (isOfUndo(op.verb)) return undoEnded(state, op, fact.result);
  taskOver(state, step.plan);
  if (op.verb === 'run') state.openRuns--;
  if (step.at !== 'running') return;
  if (op.verb === 'probe') probeEnded(state, step, fact.result);
  else runEnded(state, step, op, fact.result);
}

function runEnded(state: RunState, step: StepState, op: TaskOp, result: Result): void {
  switch (result.status) {
    case 'succeeded':
      if (step.stop?.end === 'failed') return settleTouched(state, step, result);
      step.output = result.output;
      return settleStep(state, step, 'succeeded');
    case 'cancelled':
      return settleStep(state, step, step.stop?.end ?? 'cancelled', { because: step.stop?.because ?? 'cancelled' });
    case 'lost':
      return lost(state, step);
    case 'failed':
    case 'timed-out':
      return failed(state, step, result);
    case 'probed':
      throw new Error(`${op.key} is no probe`);
  }
}

/** It succeeded after a gate had already failed it: what it did must be undone. */
function settleTouched(state: RunState, step: StepState, result: Extract<Result, { status: 'succeeded' }>): void {
  step.output = result.output;
  step.isTouched = true;
  settleStep(state, step, 'failed', { because: step.stop?.because ?? 'stopped' });
}

function failed(state: RunState, step: StepState, result: Extract<Result, { status: 'failed' | 'timed-out' }>): void {
  if (result.acted === false) step.isTouched = step.wasTouched;
  if (step.stop) return settleStep(state, step, step.stop.end, { because: step.stop.because, failure: result.failure });
  step.failures++;
  step.failure = result.failure;
  // A release is repeatable, and so is its failure.
  const isWorthwhile = result.failure.retryable || step.plan.phase === 'release';
  if (isWorthwhile && step.failures < step.plan.retry.attempts) step.next = 'backoff';
  else settleStep(state, step, 'failed', { because: result.failure.message, failure: result.failure });
}

/** It may have acted and may not: look, repeat where that is harmless, or ask. */
function lost(state: RunState, step: StepState): void {
  step.isTouched = true;
  if (step.stop) return settleStep(state, step, 'unknown', { because: `lost after: ${step.stop.because}` });
  becomeNext(state, step, step.plan.onLost === 'retry' ? 'run' : step.plan.onLost);
}

function probeEnded(state: RunState, step: StepState, result: Result): void {
  if (step.stop) return settleStep(state, step, 'unknown', { because: step.stop.because });
  if (result.status !== 'probed') return probeFailed(state, step, result);
  step.probeFailures = 0;
  switch (result.found) {
    case 'done':
      step.output = result.output ?? null;
      return settleStep(state, step, 'succeeded', { because: 'it was already so' });
    case 'not-done':
    case 'partly':
      becomeNext(state, step, 'run');
      return;
    case 'unknown':
      // Nobody is asked on the way back: what is repeatable is repeated.
      if (step.plan.phase === 'undo') becomeNext(state, step, 'run');
      else step.next = 'ask';
      return;
    case 'conflict': {
      const failure = failureOf('REL_PROBE_CONFLICT', result.detail ?? 'something else is already there');
      return settleStep(state, step, 'failed', { because: failure.message, failure });
    }
  }
}

function probeFailed(state: RunState, step: StepState, result: Exclude<Result, { status: 'probed' }>): void {
  step.probeFailures++;
  if (result.status === 'lost') step.next = 'probe';
  else if (step.probeFailures < probeTries) step.next = 'backoff';
  else if (isWorthAsking(state, step)) step.next = 'ask';
  else cannotTell(state, step, result);
}

/** What failed and is undone by itself needs nobody's word, and on the way back nobody is asked. */
function isWorthAsking(state: RunState, step: StepState): boolean {
  if (step.plan.phase === 'undo') return false;
  const { undo } = (state.groups.get(unitOf(state, step)) ?? step).plan;
  return step.failures === 0 || (undo !== 'automatic' && undo !== 'assisted' && typeof undo !== 'object');
}

/** Nobody can see what it did, so it has failed. */
function cannotTell(state: RunState, step: StepState, result: Result): void {
  const failure = 'failure' in result ? result.failure : failureOf('REL_PROBE_CONFLICT', 'nobody could see what it did');
  settleStep(state, step, 'failed', { because: failure.message, failure });
}
