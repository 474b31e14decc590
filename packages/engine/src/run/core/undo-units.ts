import { byHandOp } from './by-hand.ts';
import { allStepsIn, isReleaseDue, isStanding, isUnblocked } from './clearance.ts';
import type { Draft } from './draft.ts';
import { pauseMs } from './go-on.ts';
import type { StepState } from './node.ts';
import { groupOf, nodeOf, type RunState, type UndoState, type WayBack } from './run-state.ts';
import { taskOp } from './task-op.ts';

/** Begins to undo whatever stands free: nothing that needs it runs or stands any more. Branches do not wait for each other. */
export function undoUnits(state: RunState, back: WayBack, draft: Draft): void {
  for (const unit of back.dirty) {
    const undo = back.undos.get(unit);
    if (undo === undefined ? mayUndo(state, back, unit) : undo.next !== undefined && undo.at === 'running') undoUnit(state, back, unit, undo, draft);
  }
}

function mayUndo(state: RunState, back: WayBack, unit: string): boolean {
  const steps = [...allStepsIn(nodeOf(state, unit))];
  return (
    steps.every((step) => step.at !== 'running' && !isReleaseDue(state, step) && !isIrreversible(step)) &&
    steps.some((step) => isStanding(state, back, step)) &&
    isUnblocked(state, back, unit)
  );
}

/** The run never rolls back across it by itself. */
export const isIrreversible = (step: StepState): boolean => step.isTouched && step.plan.undo === 'impossible';

function undoUnit(state: RunState, back: WayBack, unit: string, undo: UndoState | undefined, draft: Draft): void {
  const step = state.steps.get(unit);
  const how = (step ?? groupOf(state, unit)).plan.undo;
  if (typeof how === 'object') {
    draft.undo.push({ unit, list: undo?.list ?? (how.staged ? back.urgency : 'now') });
    return;
  }
  if (!step) return;
  if (undo?.next === 'backoff') {
    draft.timer(`${unit}!undo-backoff.${String(undo.pauses + 1)}`, unit, state.now + pauseMs(step.plan.retry, undo.failures), 'undo-backoff');
    return;
  }
  draft.begin.push(how === 'assisted' ? byHandOp(state, step, undo) : taskOp(state, step, 'undo', step.config ?? null));
}
