import { failureOf } from './failure.ts';
import type { Fact } from './fact.ts';
import type { TimerOp } from './op.ts';
import { closeOp } from './open-and-close.ts';
import { becomeNext } from './readiness.ts';
import { isGroup, type GroupState, type StepState } from './node.ts';
import type { RunState } from './run-state.ts';
import { doom, settleStep } from './settle.ts';
import { endWhenGatesPass, freezeStep } from './gates-of-step.ts';
import { askForTurn } from './trouble.ts';
import { undoBackoffOver } from './way-back.ts';
import { workedMs } from './working-time.ts';

/** A timer fired. One that comes after its step has moved on does nothing. */
export function foldFired(state: RunState, fact: Extract<Fact, { fact: 'fired' }>): void {
  const owner = state.owners.get(fact.key);
  const op = owner?.open.get(fact.key);
  if (owner === undefined || op?.op !== 'timer') return;
  closeOp(state, owner, fact.key);
  state.dirty.add(owner);
  if (isGroup(owner)) groupTimer(state, owner);
  else stepTimer(state, owner, op);
}

function stepTimer(state: RunState, step: StepState, op: TimerOp): void {
  if (op.why === 'undo-backoff') return undoBackoffOver(state, step.plan.key);
  if (step.at !== 'running') return;
  switch (op.why) {
    case 'backoff':
      becomeNext(state, step, step.plan.onLost === 'probe' ? 'probe' : 'run');
      return;
    case 'hold':
      step.isHoldOver = true;
      return endWhenGatesPass(state, step);
    case 'wait':
      return freezeStep(state, step, `its gates did not pass in time: ${openGates(step)}`);
    case 'timeout':
      return timedOut(state, step);
    case 'grace':
      return settleStep(state, step, 'unknown', { because: `did not stop when asked (${step.stop?.because ?? 'stopped'})` });
  }
}

function timedOut(state: RunState, step: StepState): void {
  const message =
    step.plan.act.act === 'approval' ? 'nobody decided in time; that counts as rejected' : `its gates gave no conclusive answer in time: ${openGates(step)}`;
  settleStep(state, step, 'failed', { because: message, failure: failureOf('REL_WAIT_TIMED_OUT', message) });
}

const openGates = (step: StepState): string =>
  step.plan.gates
    .map(({ gate }) => {
      const look = step.looks.get(gate);
      return `${gate} ${look ? `says ${look.verdict} (${look.because})` : 'has not looked yet'}`;
    })
    .join('; ') || 'no gate';

/** Idle time does not count: a timer that was started before a pause fires too early, and is started anew by `decide`. */
function groupTimer(state: RunState, group: GroupState): void {
  const limit = group.plan.timeoutMs;
  if (group.at !== 'open' || limit === undefined || workedMs(state, group) < limit) return;
  const because = `stage ${group.plan.key} worked longer than its timeout`;
  group.hasFailed = true;
  doom(state, group, 'failed', because);
  if (group.plan.onFailure === 'continue') state.isPartial = true;
  else askForTurn(state, group.plan.onFailure, because);
}
