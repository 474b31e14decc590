import type { Urgency } from '../../../contract/index.ts';
import type { ChangeOf, Transition } from '../change.ts';
import type { StepKey } from '../../../plan/plan.ts';
import type { AskOp, Op, TaskOp } from '../operation.ts';
import type { StepState } from '../state/node.ts';
import { becomeReady, noLongerReady } from '../state/ready.ts';
import { markOutOfTheWay, newRollbackState, stepsIn, unitOf } from '../state/rollback-state.ts';
import { nodeOf, stepOf, type RollbackState, type RunState, type UnitRollback } from '../state/run-state.ts';
import { slotsFor } from '../state/traffic-first.ts';

export function transition(state: RunState, { to, because, urgency, leftInPlace, ordered }: Transition): void {
  const from = state.mode;
  state.mode = to;
  delete state.haltedBecause;
  delete state.pausedBecause;
  state.news.push({ what: 'mode-changed', to, because });
  if (leftInPlace) state.isLeftInPlace = true;
  if (ordered) state.pausedBecause = because;
  else if (to === 'forward') delete state.because;
  else if (to !== 'finally') state.because ??= because;
  if (to === 'rollback' && from === 'rollback') rollbackOf(state).urgency = 'now';
  else if (to === 'rollback' && state.rollback) continueRollback(state, state.rollback, urgency ?? 'staged');
  else if (to === 'rollback') layOutRollback(state, urgency ?? 'staged');
  if (to === 'finally')
    for (const group of state.groups.values()) if (group.plan.kind === 'finally' && group.at === 'waiting') becomeReady(state, group);
}

/** After a pause: every unit is considered again. */
function continueRollback(state: RunState, rollback: RollbackState, urgency: Urgency): void {
  if (urgency === 'now') rollback.urgency = 'now';
  for (const step of state.steps.values()) if (step.plan.phase === 'main' && step.at !== 'waiting') rollback.dirty.add(unitOf(state, step));
}

/** Prepares the rollback order. Steps that were ready and have not started are out of the way: the run never goes forward again. */
function layOutRollback(state: RunState, urgency: Urgency): void {
  const slots = slotsFor(state);
  const rollback: RollbackState = { ...newRollbackState(state, urgency), ...(slots && { slots }) };
  state.rollback = rollback;
  for (const step of state.steps.values()) {
    if (step.plan.phase !== 'main' && step.plan.phase !== 'teardown') continue;
    if (step.at !== 'waiting') rollback.dirty.add(unitOf(state, step));
    markOutOfTheWay(state, rollback, step.plan.key);
  }
  for (const group of state.groups.keys()) markOutOfTheWay(state, rollback, group);
  for (const step of state.readyTasks) if (step.plan.phase === 'main') noLongerReady(state, step);
}

export function startRollback(state: RunState, { unit, list }: ChangeOf<'start-rollback'>): void {
  const rollback = rollbackOf(state);
  const unitRollback = rollback.units.get(unit) ?? newUnit(state, rollback, unit);
  if (list === undefined) return;
  unitRollback.list = list;
  delete unitRollback.failedStep;
  const steps = listOf(state, unit, list);
  unitRollback.stepsLeft = steps.length;
  for (const step of steps) if (step.needsLeft === 0) becomeReady(state, step);
  rollback.dirty.add(unit);
}

function newUnit(state: RunState, rollback: RollbackState, key: string): UnitRollback {
  const unitRollback: UnitRollback = { key, at: 'running', attempts: 0, failures: 0, losses: 0, pauses: 0, conflicts: 0, stepsLeft: 0 };
  rollback.units.set(key, unitRollback);
  rollback.running++;
  rollback.slots?.take(key);
  state.news.push({ what: 'rollback-started', unit: key });
  return unitRollback;
}

export function stepOfListFinished(state: RunState, step: StepState): void {
  const unit = unitRolledBackBy(state, step.plan.key);
  const unitRollback = rollbackOf(state).units.get(unit);
  if (unitRollback?.at !== 'running') return;
  rollbackOf(state).dirty.add(unit);
  if (step.end === 'succeeded' || step.end === 'skipped') {
    unitRollback.stepsLeft--;
    return;
  }
  unitRollback.failedStep ??= step.plan.key;
  for (const other of listOf(state, unit, unitRollback.list ?? 'now')) noLongerReady(state, other);
}

export function finishRollback(state: RunState, { unit, end, failure }: ChangeOf<'finish-rollback'>): void {
  const rollback = rollbackOf(state);
  const unitRollback = rollback.units.get(unit) ?? newUnit(state, rollback, unit);
  unitRollback.at = end;
  if (failure) unitRollback.failure = failure;
  rollback.running--;
  rollback.slots?.free(unit);
  state.news.push({ what: 'rollback-ended', unit });
  if (end === 'rolled-back') for (const step of stepsIn(state, unit)) markOutOfTheWay(state, rollback, step.plan.key);
}

export function instruct(state: RunState, { unit, seen }: ChangeOf<'instruct'>): void {
  const unitRollback = rollbackOf(state).units.get(unit);
  if (!unitRollback?.manual) return;
  if (seen !== undefined) unitRollback.manual.seen = seen;
  unitRollback.failures = 0;
}

/** A step of a list starts, perhaps after a person was asked. */
export const takeSlot = (state: RunState, { plan: { key } }: StepState): void => rollbackOf(state).slots?.take(unitRolledBackBy(state, key));

const unitRolledBackBy = (state: RunState, step: StepKey): string => state.unitOfRollbackStep.get(step) ?? step;

/** A person who is asked may take days: meanwhile the rollback takes no slot. */
export function countRollback(state: RunState, op: Op): void {
  const { units, slots } = rollbackOf(state);
  const unit = unitRolledBackBy(state, op.step);
  const unitRollback = units.get(unit);
  if (!unitRollback) return;
  if (op.op === 'ask') slots?.free(unit);
  else slots?.take(unit);
  if (op.op === 'ask' && op.question === 'changed-by-others') unitRollback.conflicts++;
  else if (op.op === 'timer') unitRollback.pauses++;
  else if (op.op === 'task' && op.verb === 'rollback') unitRollback.attempts = op.attempt;
  else if (op.op === 'task' || op.op === 'ask') countManual(unitRollback, op);
}

function countManual(unitRollback: UnitRollback, op: TaskOp | AskOp): void {
  const manual = (unitRollback.manual ??= { latest: 'confirm', confirms: 0, instructs: 0, questions: 0, instruction: '' });
  if (op.op === 'ask') manual.questions++;
  else if (op.verb === 'confirm') Object.assign(manual, { latest: 'confirm', confirms: op.attempt });
  else Object.assign(manual, { latest: 'instruct', instructs: op.attempt });
}

/** The rollback steps of a unit; none where its rollback is not a list of steps. */
export function listOf(state: RunState, unit: string, list: Urgency): StepState[] {
  const { rollback: how } = nodeOf(state, unit).plan;
  return typeof how === 'object' ? (how[list] ?? []).map((step) => stepOf(state, step.key)) : [];
}

export function rollbackOf(state: RunState): RollbackState {
  if (!state.rollback) throw new Error('the run is not in mode rollback');
  return state.rollback;
}
