import type { ChangeOf, Transition, Unit, Urgency } from '../change.ts';
import type { AskOp, Op, TaskOp } from '../operation.ts';
import { isGroup, type StepState } from '../state/node.ts';
import { becomeReady, noLongerReady } from '../state/ready.ts';
import { markOutOfTheWay, newRollbackState, stepsIn, unitOf } from '../state/rollback-state.ts';
import { nodeOf, stepOf, type RollbackState, type RunState, type UnitRollback } from '../state/run-state.ts';

export function transition(state: RunState, { to, because, urgency, leftInPlace }: Transition): void {
  const from = state.mode;
  state.mode = to;
  delete state.haltedBecause;
  state.news.push({ what: 'mode-changed', to, because });
  if (leftInPlace) state.isLeftInPlace = true;
  if (to === 'forward') delete state.because;
  else if (to !== 'finally') state.because ??= because;
  if (to === 'rollback' && from === 'rollback') rollbackOf(state).urgency = 'now';
  else if (to === 'rollback') layOutRollback(state, urgency ?? 'staged');
  if (to === 'finally') for (const group of state.groups.values()) if (group.plan.kind === 'finally' && group.at === 'waiting') becomeReady(state, group);
}

/** Who stands on whom; and what was ready and has not begun is out of the way: the run never goes forward again. */
function layOutRollback(state: RunState, urgency: 'now' | 'staged'): void {
  const back = newRollbackState(state, urgency);
  state.rollback = back;
  for (const step of state.steps.values()) {
    if (step.plan.phase !== 'main' && step.plan.phase !== 'teardown') continue;
    if (step.at !== 'waiting') back.dirty.add(unitOf(state, step));
    markOutOfTheWay(state, back, step.plan.key);
  }
  for (const group of state.groups.keys()) markOutOfTheWay(state, back, group);
  for (const step of state.readyTasks) if (step.plan.phase === 'main') noLongerReady(state, step);
}

export function startRollback(state: RunState, { unit, list }: ChangeOf<'start-rollback'>): void {
  const back = rollbackOf(state);
  const undo = back.units.get(unit) ?? newRollback(state, back, unit);
  if (list === undefined) return;
  undo.list = list;
  delete undo.failedStep;
  const steps = listOf(state, unit, list);
  undo.stepsLeft = steps.length;
  for (const step of steps) if (step.needsLeft === 0) becomeReady(state, step);
  back.dirty.add(unit);
}

function newRollback(state: RunState, back: RollbackState, key: string): UnitRollback {
  const undo: UnitRollback = { key, at: 'running', attempts: 0, failures: 0, losses: 0, pauses: 0, stepsLeft: 0 };
  back.units.set(key, undo);
  back.running++;
  state.news.push({ what: 'rollback-started', unit: key });
  return undo;
}

export function stepOfListFinished(state: RunState, step: StepState): void {
  const unit = state.unitOfRollbackStep.get(step.plan.key) ?? '';
  const undo = rollbackOf(state).units.get(unit);
  if (undo?.at !== 'running') return;
  rollbackOf(state).dirty.add(unit);
  if (step.end === 'succeeded' || step.end === 'skipped') {
    undo.stepsLeft--;
    return;
  }
  undo.failedStep ??= step.plan.key;
  for (const other of listOf(state, unit, undo.list ?? 'now')) noLongerReady(state, other);
}

export function finishRollback(state: RunState, { unit, end, failure }: ChangeOf<'finish-rollback'>): void {
  const back = rollbackOf(state);
  const undo = back.units.get(unit) ?? newRollback(state, back, unit);
  undo.at = end;
  if (failure) undo.failure = failure;
  back.running--;
  state.news.push({ what: 'rollback-ended', unit });
  if (end === 'rolled-back') for (const step of stepsIn(state, unit)) markOutOfTheWay(state, back, step.plan.key);
}

export function instruct(state: RunState, { unit, seen }: ChangeOf<'instruct'>): void {
  const undo = rollbackOf(state).units.get(unit);
  if (!undo?.manual) return;
  if (seen !== undefined) undo.manual.seen = seen;
  undo.failures = 0;
}

export function countRollback(state: RunState, op: Op): void {
  const undo = rollbackOf(state).units.get(op.step);
  if (!undo) return;
  if (op.op === 'timer') undo.pauses++;
  else if (op.op === 'task' && op.verb === 'rollback') undo.attempts = op.attempt;
  else if (op.op === 'task' || op.op === 'ask') countByHand(undo, op);
}

function countByHand(undo: UnitRollback, op: TaskOp | AskOp): void {
  const byHand = (undo.manual ??= { latest: 'confirm', confirms: 0, instructs: 0, questions: 0, instruction: '' });
  if (op.op === 'ask') byHand.questions++;
  else if (op.verb === 'confirm') Object.assign(byHand, { latest: 'confirm', confirms: op.attempt });
  else Object.assign(byHand, { latest: 'instruct', instructs: op.attempt });
}

/** The steps of a rollback that is a list of steps. */
export function listOf(state: RunState, unit: string, list: 'now' | 'staged'): StepState[] {
  const { rollback: undo } = nodeOf(state, unit).plan;
  return typeof undo === 'object' ? (undo[list] ?? []).map((step) => stepOf(state, step.key)) : [];
}

export function rollbackOf(state: RunState): RollbackState {
  if (!state.rollback) throw new Error('the run is not on its way back');
  return state.rollback;
}
