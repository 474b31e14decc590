import type { ChangeOf } from '../change.ts';
import { isOfItsRollback, type Op, type OpKey, type TaskOp } from '../operation.ts';
import type { StepState } from '../state/node.ts';
import { closeOp, openOp } from '../state/open-ops.ts';
import { becomeReady, needFinished, needIsOpenAgain, noLongerReady } from '../state/ready.ts';
import { markOutOfTheWay, unitOf } from '../state/rollback-state.ts';
import { ancestorsOf, groupOf, stepOf, type RunState } from '../state/run-state.ts';
import { taskStarted } from '../state/working-time.ts';
import { approvalOutput } from './answers.ts';
import { askForGroup } from './concurrency.ts';
import { startPause, startSending } from './deliveries.ts';
import { childFinished, reopenAbove } from './groups.ts';
import { awaitWindow } from './windows.ts';
import { countRollback, stepOfListFinished, takeSlot } from './rollback.ts';

export function start(state: RunState, { op, acts }: ChangeOf<'start'>): void {
  if (op.op === 'timer' && op.why === 'window') return awaitWindow(state, op);
  if (op.op === 'lock') return askForGroup(state, op);
  if (op.op === 'notify') return startSending(state, op);
  if (op.op === 'timer' && op.why === 'notify') return startPause(state, op);
  const group = op.op === 'timer' ? state.groups.get(op.step) : undefined;
  if (group) {
    group.timers++;
    openOp(state, group, op);
    return;
  }
  const step = state.readyTasks.firstIf(op.step) ?? stepOf(state, op.step);
  openOp(state, step, op);
  if (op.op === 'task') {
    state.openTasks++;
    step.taskStartedAt = state.now;
  }
  if (isOfItsRollback(op)) countRollback(state, op);
  else {
    if (op.op === 'task') taskStarted(state, step.plan);
    stepStarts(state, step);
    if (step.plan.phase === 'rollback') takeSlot(state, step);
    count(state, step, op, acts === true);
  }
  state.news.push({ what: 'op-started', op });
}

function stepStarts(state: RunState, step: StepState): void {
  const { key, phase, group } = step.plan;
  noLongerReady(state, step);
  if (step.at === 'running') return;
  Object.assign(step, { at: 'running', startedAt: state.now });
  state.running.add(step);
  if (phase !== 'rollback') groupOf(state, group).running++;
  state.news.push({ what: 'step-started', step: key });
}

function count(state: RunState, step: StepState, op: Op, acts: boolean): void {
  if (op.op === 'task' && op.verb === 'run') runStarted(state, step, op, acts);
  if (op.op === 'task' && op.verb === 'teardown') step.attempts = op.attempt;
  if (op.op === 'task' && op.verb === 'probe') step.probes = op.attempt;
  if (op.op === 'ask') step.questions++;
  if (op.op === 'resolve') step.resolves++;
  if (op.op === 'timer' && op.why === 'hold') step.holdEndsAt = op.at;
}

function runStarted(state: RunState, step: StepState, op: TaskOp, acts: boolean): void {
  state.openRuns++;
  step.config = op.with;
  step.attempts = op.attempt;
  step.mayHaveActedBefore = step.mayHaveActed;
  if (acts) step.mayHaveActed = true;
}

/** A cancelled task stays open until it reports how it ended; any other operation closes at once. */
export function cancel(state: RunState, key: OpKey): void {
  const owner = state.owners.get(key);
  if (owner === undefined) return;
  if (owner.open.get(key)?.op !== 'task') closeOp(state, owner, key);
  if (owner.at === 'running') state.dirty.add(owner);
}

export function queue(state: RunState, step: StepState, { notActed }: ChangeOf<'queue'>): void {
  if (notActed) step.mayHaveActed = step.saved !== undefined;
  state.readyTasks.add(step);
}

export function stop(state: RunState, step: StepState, { end, because }: ChangeOf<'stop'>): void {
  step.stop ??= { end, because };
  state.dirty.add(step);
}

export function finish(
  state: RunState,
  step: StepState,
  { end, because, failure, tolerated, paused, overridden, acted }: ChangeOf<'finish'>,
): void {
  const wasRunning = step.at === 'running';
  const { key, phase, group } = step.plan;
  Object.assign(step, { at: 'finished', end, endedAt: state.now });
  delete step.blockedBecause;
  if (because !== undefined) step.because = because;
  if (failure !== undefined) step.failure = failure;
  if (end === 'succeeded' || acted) step.mayHaveActed = true;
  if (end === 'succeeded') delete step.failure;
  if (end === 'succeeded' && step.plan.act.act === 'approval') step.output = approvalOutput(state, step);
  if (tolerated) state.isPartial = true;
  if (paused) step.isPaused = true;
  if (overridden) step.isOverridden = true;
  state.running.delete(step);
  noLongerReady(state, step);
  state.dirty.add(step);
  state.news.push({ what: 'step-ended', step: key });
  if ((end === 'failed' || end === 'unknown') && phase !== 'rollback') {
    state.failed.push(key);
    if (phase === 'main') for (const above of ancestorsOf(state, step.plan)) above.hasFailed = true;
  }
  needFinished(state, step);
  if (phase === 'rollback') return stepOfListFinished(state, step);
  childFinished(state, groupOf(state, group), end === 'cancelled', wasRunning);
  if (state.rollback && phase !== 'finally') {
    state.rollback.dirty.add(unitOf(state, step));
    markOutOfTheWay(state, state.rollback, key);
  }
}

export function ignoreGate(state: RunState, step: StepState, gate: string): void {
  step.ignoredGates = new Set([...step.ignoredGates, gate]);
  state.isPartial = true;
}

export function accept(state: RunState, step: StepState): void {
  step.isPaused = false;
  step.isOverridden = true;
  state.isPartial = true;
}

/** The end of the step was counted already: reverses that for every dependent that has not started. */
export function reopen(state: RunState, step: StepState, as: 'running' | 'waiting'): void {
  const { key, group } = step.plan;
  Object.assign(step, { at: 'running', failures: 0, losses: 0, probeFailures: 0, isPaused: false, end: undefined, endedAt: undefined });
  delete step.stop;
  delete step.failure;
  delete step.because;
  for (const above of ancestorsOf(state, step.plan)) above.hasFailed = false;
  state.failed.splice(state.failed.indexOf(key), 1);
  needIsOpenAgain(state, step);
  reopenAbove(state, groupOf(state, group));
  if (as === 'running') {
    state.running.add(step);
    return;
  }
  Object.assign(step, { at: 'waiting', votes: [] });
  groupOf(state, group).running--;
  becomeReady(state, step);
}
