import type { Fact, Settled, Turn } from './fact.ts';
import { comesAfter, isLater, type GroupState, type StepState } from './node.ts';
import { ancestorsOf, groupOf, stepOf, type RunState } from './run-state.ts';
import type { Op, OpKey, TaskOp } from './op.ts';
import { closeOp, openOp } from './open-and-close.ts';
import { becomeNext, becomeReady, groupOpened, needIsOpenAgain, noLongerReady } from './readiness.ts';
import { settleGroup, settleStep, skipGroup } from './settle.ts';
import { isUndoable } from './clearance.ts';
import { isOfUndo } from './task-op.ts';
import { listBegan, turnBack, undoAsked, undoBegan, undoWaits, urgentNow } from './way-back.ts';
import { taskBegan } from './working-time.ts';

/** A decision, recorded before it acted. */
export function foldBegun(state: RunState, fact: Extract<Fact, { fact: 'begun' }>): void {
  if (!fact.turn) lookedAtEverything(state);
  for (const key of fact.open ?? []) openGroup(state, groupOf(state, key));
  for (const settled of fact.settle ?? []) settle(state, settled);
  for (const key of fact.cancel ?? []) cancel(state, key);
  for (const { unit, list } of fact.undo ?? []) listBegan(state, unit, list);
  for (const op of fact.begin ?? []) began(state, op);
  if (fact.turn) turn(state, fact.turn);
}

/** A turn is decided before anything else is looked at. */
function lookedAtEverything(state: RunState): void {
  state.dirty.clear();
  state.back?.dirty.clear();
}

function openGroup(state: RunState, group: GroupState): void {
  group.at = 'open';
  noLongerReady(state, group);
  if (group.plan.parent !== undefined && !comesAfter(group.plan)) groupOf(state, group.plan.parent).running++;
  state.news.push({ what: 'group-opened', group: group.plan.key });
  if (group.unsettled === 0) settleGroup(state, group, 'succeeded');
  else groupOpened(state, group);
}

function settle(state: RunState, settled: Settled): void {
  const { key, end, because } = settled;
  const step = state.steps.get(key);
  if (step) settleStep(state, step, end, { because });
  else skipGroup(state, groupOf(state, key), end, because);
}

/** A task stays open until it says how it ended; whatever else is cancelled is over at once. */
function cancel(state: RunState, key: OpKey): void {
  const owner = state.owners.get(key);
  if (owner === undefined) return;
  if (owner.open.get(key)?.op !== 'task') closeOp(state, owner, key);
  if ('stop' in owner && owner.at === 'running' && owner.open.size === 0)
    settleStep(state, owner, owner.stop.end, { because: owner.stop.because });
}

function began(state: RunState, op: Op): void {
  if (op.op === 'timer') {
    const group = state.groups.get(op.step);
    if (group) {
      group.timers++;
      openOp(state, group, op);
      return;
    }
  }
  const step = state.readyTasks.firstIf(op.step) ?? stepOf(state, op.step);
  openOp(state, step, op);
  if (op.op === 'task') {
    state.openTasks++;
    step.taskBeganAt = state.now;
    if (isOfUndo(op.verb)) return undoBegan(state, op);
    taskBegan(state, step.plan);
  }
  if (op.op === 'timer' && op.why === 'undo-backoff') return undoWaits(state, op);
  if (op.op === 'ask' && op.question === 'undo-by-hand') return undoAsked(state, op);
  start(state, step);
  count(state, step, op);
}

function start(state: RunState, step: StepState): void {
  const { key, phase, group } = step.plan;
  delete step.next;
  noLongerReady(state, step);
  if (step.at === 'running') return;
  Object.assign(step, { at: 'running', beganAt: state.now });
  state.running.add(step);
  if (phase !== 'undo') groupOf(state, group).running++;
  state.news.push({ what: 'step-started', step: key });
}

function count(state: RunState, step: StepState, op: Op): void {
  if (op.op === 'task' && op.verb === 'run') runBegan(state, step, op);
  if (op.op === 'task' && op.verb === 'release') step.attempts = op.attempt;
  if (op.op === 'task' && op.verb === 'probe') step.probes = op.attempt;
  if (op.op === 'ask') step.questions++;
  if (op.op === 'timer' && op.why === 'hold') step.holdEndsAt = op.at;
}

function runBegan(state: RunState, step: StepState, op: TaskOp): void {
  state.openRuns++;
  step.config = op.with;
  step.attempts = op.attempt;
  step.wasTouched = step.isTouched;
  if (!step.plan.savesState && (isUndoable(step.plan) || step.plan.released)) step.isTouched = true;
}

function turn(state: RunState, to: Turn): void {
  delete state.trouble;
  const from = state.going;
  state.going = to.to;
  switch (to.to) {
    case 'forward':
      return goOn(state);
    case 'back':
      state.because ??= to.because;
      return from === 'back' ? urgentNow(state) : turnBack(state, to);
    case 'stopping':
      return stopWaiting(state, to.because);
    case 'frozen':
      return;
    case 'finally':
      return turnToFinally(state, from);
  }
}

/** After a freeze: what was stuck counts as accepted, what failed is tried again, who said no is asked again. */
function goOn(state: RunState): void {
  delete state.because;
  for (const step of state.steps.values()) {
    state.dirty.add(step);
    if (step.stuck !== undefined && step.at === 'running') override(state, step, step.stuck);
    else if (step.isFrozen && step.at === 'settled') tryAgain(state, step, step.because);
  }
}

function override(state: RunState, step: StepState, because = ''): void {
  step.isOverridden = true;
  settleStep(state, step, 'succeeded', { because: `accepted by a person although: ${because}` });
}

function tryAgain(state: RunState, step: StepState, because: string | undefined): void {
  const { key, act, onLost } = step.plan;
  Object.assign(step, { at: 'running', failures: 0, isFrozen: false, end: undefined, endedAt: undefined });
  delete step.stop;
  delete step.failure;
  delete step.because;
  for (const group of ancestorsOf(state, step.plan)) group.hasFailed = false;
  state.failed.splice(state.failed.indexOf(key), 1);
  state.running.add(step);
  reopen(state, step);
  if (act.act === 'task') becomeNext(state, step, onLost === 'probe' ? 'probe' : 'run');
  else if (act.act === 'approval') askAnew(state, step);
  else override(state, step, because);
}

/** Whoever says `continue` need not be one of those who may approve. */
function askAnew(state: RunState, step: StepState): void {
  Object.assign(step, { at: 'waiting', votes: new Set() });
  state.running.delete(step);
  groupOf(state, step.plan.group).running--;
  becomeReady(state, step);
}

/** Its settling was counted already: takes that back for everybody who has not begun. */
function reopen(state: RunState, step: StepState): void {
  needIsOpenAgain(state, step);
  const parent = groupOf(state, step.plan.group);
  parent.unsettled++;
  parent.running++;
  if (parent.at === 'settled') reopenGroup(state, parent);
}

function reopenGroup(state: RunState, group: GroupState): void {
  group.at = 'open';
  group.hasFailed = false;
  group.wasCut = false;
  delete group.end;
  needIsOpenAgain(state, group);
  for (const child of group.children) if (isLater(child)) noLongerReady(state, child);
  if (group.plan.parent === undefined) return;
  const above = groupOf(state, group.plan.parent);
  above.unsettled++;
  above.running++;
  if (above.at === 'settled') reopenGroup(state, above);
}

/** Working steps end by themselves; whoever only waits is stopped. */
function stopWaiting(state: RunState, because: string): void {
  for (const step of state.running) {
    if (step.plan.phase === 'main' && step.plan.act.act !== 'task') step.stop ??= { end: 'cancelled', because };
    state.dirty.add(step);
  }
}

function turnToFinally(state: RunState, from: RunState['going']): void {
  if (from === 'frozen' || (from === 'back' && hasIrreversibleLeft(state))) state.isLeftInPlace = true;
  for (const group of state.groups.values()) {
    if (!comesAfter(group.plan) || group.at !== 'waiting') continue;
    const stage = group.plan.parent === undefined ? undefined : state.groups.get(group.plan.parent);
    const neverBegan = stage !== undefined && (stage.at === 'waiting' || stage.end === 'skipped');
    if (neverBegan) skipGroup(state, group, 'skipped', 'its stage did not begin');
    else if (group.plan.kind === 'finally') becomeReady(state, group);
  }
  closeOpenGroups(state);
}

/** After a way back or a stop, what is waiting never begins: its groups end here. */
function closeOpenGroups(state: RunState): void {
  for (const group of state.groups.values()) {
    if (group.at !== 'open' || comesAfter(group.plan)) continue;
    Object.assign(group, { at: 'settled', end: group.hasFailed ? 'failed' : 'cancelled' });
    state.dirty.add(group);
    state.news.push({ what: 'group-settled', group: group.plan.key });
  }
}

const hasIrreversibleLeft = (state: RunState): boolean =>
  [...state.steps.values()].some((step) => step.isTouched && step.plan.undo === 'impossible');

