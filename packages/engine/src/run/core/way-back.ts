import { askByHand, byHandBegan, isDoneByHand, lookByHand } from './by-hand.ts';
import { clearFrom, isStanding, newWayBack, stepsIn, unitOf } from './clearance.ts';
import type { Failure } from './failure.ts';
import { failureOf } from './failure.ts';
import type { Fact, Result, Turn } from './fact.ts';
import type { StepState } from './node.ts';
import { nodeOf, stepOf, type RunState, type UndoState, type WayBack } from './run-state.ts';
import type { AskOp, TaskOp, TimerOp } from './op.ts';
import { becomeReady, noLongerReady } from './readiness.ts';

/** Fewest tries of a rollback; a step that asks for more gets more. */
const undoTries = 3;

/** The run turns back: whatever runs is stopped, and the order of undoing is laid out. */
export function turnBack(state: RunState, turn: Turn): void {
  const back = newWayBack(state, turn.urgency ?? 'staged');
  state.back = back;
  for (const step of state.running) {
    if (step.plan.phase !== 'main') continue;
    step.stop ??= { end: 'cancelled', because: turn.because };
    state.dirty.add(step);
  }
  for (const step of state.steps.values()) {
    if (step.plan.phase !== 'main' && step.plan.phase !== 'release') continue;
    if (step.at !== 'waiting') back.dirty.add(unitOf(state, step));
    clearFrom(state, back, step.plan.key);
  }
  for (const group of state.groups.keys()) clearFrom(state, back, group);
  forgetReadySteps(state);
}

/** The run never goes forward again: what was ready and has not begun never does. */
function forgetReadySteps(state: RunState): void {
  for (const step of state.readyTasks) if (step.plan.phase === 'main') noLongerReady(state, step);
}

/** No time to go back in steps any more: what is on its staged way back is stopped, and goes on at once. */
export function urgentNow(state: RunState): void {
  const back = wayBackOf(state);
  back.urgency = 'now';
  for (const undo of back.undos.values()) {
    if (undo.at !== 'running' || undo.list !== 'staged') continue;
    const running = listOf(state, undo.key, 'staged').filter((step) => step.at === 'running');
    for (const step of running) {
      step.stop ??= { end: 'cancelled', because: 'there is no time for stages' };
      state.dirty.add(step);
    }
    if (running.length === 0) switchToNow(state, undo);
  }
}

export function stepSettledOnTheWayBack(state: RunState, step: StepState): void {
  if (!state.back || (step.plan.phase !== 'main' && step.plan.phase !== 'release')) return;
  state.back.dirty.add(unitOf(state, step));
  clearFrom(state, state.back, step.plan.key);
}

/** A rollback of a step type was begun. */
export function undoBegan(state: RunState, op: TaskOp): void {
  const undo = beginUndo(state, op.step);
  if (op.verb === 'undo') undo.attempts = op.attempt;
  else byHandBegan(undo, op);
  delete undo.next;
}

/** A person was asked to undo a step. */
export function undoAsked(state: RunState, op: AskOp): void {
  const undo = beginUndo(state, op.step);
  byHandBegan(undo, op);
  delete undo.next;
}

/** A person has answered: it is looked at, or given up. */
export function undoAnswered(state: RunState, unit: string, { yes, who, comment }: Extract<Fact, { fact: 'answered' }>): void {
  const undo = wayBackOf(state).undos.get(unit);
  if (undo?.at !== 'running' || !undo.byHand) return;
  wayBackOf(state).dirty.add(unit);
  if (yes) return lookByHand(undo, undo.byHand);
  const because = `${who.who} says that it cannot be undone${comment === undefined ? '' : `: ${comment}`}`;
  endUndo(state, undo, 'failed', failureOf('REL_UNDO_REFUSED', because));
}

/** A list of undo steps was begun; they run like any other steps. */
export function listBegan(state: RunState, unit: string, list: 'now' | 'staged'): void {
  const undo = beginUndo(state, unit);
  undo.list = list;
  delete undo.next;
  const steps = listOf(state, unit, list);
  undo.stepsLeft = steps.length;
  for (const step of steps) if (step.needsLeft === 0) becomeReady(state, step);
  if (steps.length === 0) endUndo(state, undo, 'undone');
}

export function undoWaits(state: RunState, op: TimerOp): void {
  const undo = wayBackOf(state).undos.get(op.step);
  if (!undo) return;
  undo.pauses++;
  delete undo.next;
}

export function undoBackoffOver(state: RunState, unit: string): void {
  const back = wayBackOf(state);
  const undo = back.undos.get(unit);
  if (undo?.at !== 'running') return;
  undo.next = 'run';
  back.dirty.add(unit);
}

/** An undo of a step type said how it ended. Lost is no failure: it is repeatable, and runs again. */
export function undoEnded(state: RunState, op: TaskOp, result: Result): void {
  const back = wayBackOf(state);
  const undo = back.undos.get(op.step);
  if (undo?.at !== 'running') return;
  back.dirty.add(op.step);
  if (result.status === 'lost') {
    undo.next = 'run';
    return;
  }
  if (result.status === 'succeeded' || result.status === 'probed') {
    if (!undo.byHand || isDoneByHand(undo, undo.byHand, result)) endUndo(state, undo, 'undone');
    return;
  }
  undo.failures++;
  const failure = 'failure' in result ? result.failure : failureOf('REL_UNDO_STOPPED', 'its rollback was stopped');
  const tries = Math.max(undoTries, stepOf(state, op.step).plan.retry.attempts);
  if (undo.failures < tries) undo.next = 'backoff';
  else if (op.verb === 'confirm' && undo.byHand) askByHand(undo, undo.byHand, `it could not be checked: ${failure.message}`);
  else endUndo(state, undo, 'failed', failure);
}

/** A step of an undo list ended: the next one is ready by its needs; the last one, or a failed one, decides. */
export function undoStepSettled(state: RunState, step: StepState): void {
  const unit = state.unitOfUndoStep.get(step.plan.key);
  const undo = unit === undefined ? undefined : wayBackOf(state).undos.get(unit);
  if (undo?.at !== 'running') return;
  if (step.end === 'succeeded' || step.end === 'skipped') {
    undo.stepsLeft--;
    if (undo.stepsLeft === 0) endUndo(state, undo, 'undone');
    return;
  }
  for (const other of listOf(state, undo.key, undo.list ?? 'now')) noLongerReady(state, other);
  if (undo.list === 'staged') switchToNow(state, undo);
  else endUndo(state, undo, 'failed', step.failure ?? failureOf('REL_UNDO_STOPPED', step.because ?? 'an undo step was stopped'));
}

/** A failed ramp goes back at once. */
function switchToNow(state: RunState, undo: UndoState): void {
  for (const step of listOf(state, undo.key, 'staged')) noLongerReady(state, step);
  undo.next = 'run';
  undo.list = 'now';
  wayBackOf(state).dirty.add(undo.key);
}

function beginUndo(state: RunState, key: string): UndoState {
  const back = wayBackOf(state);
  const known = back.undos.get(key);
  if (known) return known;
  const undo: UndoState = { key, at: 'running', attempts: 0, failures: 0, pauses: 0, stepsLeft: 0 };
  back.undos.set(key, undo);
  back.running++;
  state.news.push({ what: 'undo-started', unit: key });
  return undo;
}

function endUndo(state: RunState, undo: UndoState, end: 'undone' | 'failed', failure?: Failure): void {
  const back = wayBackOf(state);
  undo.at = end;
  delete undo.next;
  if (failure) undo.failure = failure;
  back.running--;
  state.news.push({ what: 'undo-ended', unit: undo.key });
  if (end === 'undone') for (const step of stepsIn(state, undo.key)) clearFrom(state, back, step.plan.key);
}

function listOf(state: RunState, unit: string, list: 'now' | 'staged'): StepState[] {
  const undo = nodeOf(state, unit).plan.undo;
  return typeof undo === 'object' ? (undo[list] ?? []).map((step) => stepOf(state, step.key)) : [];
}

function wayBackOf(state: RunState): WayBack {
  if (!state.back) throw new Error('the run is not on its way back');
  return state.back;
}

/** Steps that stay although the run went back: nothing undoes them, or undoing failed. */
export function leftStanding(state: RunState): StepState[] {
  const { back } = state;
  return back ? [...state.steps.values()].filter((step) => step.plan.phase === 'main' && isStanding(state, back, step)) : [];
}
