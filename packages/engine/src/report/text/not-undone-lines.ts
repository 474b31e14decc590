import type { RunView, StepView } from '../run-view.ts';
import { oneLine } from './plain-text.ts';

/** What a run left in the world, step by step, with the way out. */
export function notUndoneLines(view: RunView): readonly string[] {
  const keys = view.over?.notUndone ?? [];
  if (keys.length === 0) return [];
  return ['not undone:', ...keys.map((key) => `  ${key}: ${notUndoneText(view.steps.get(key))}`)];
}

/** Why a step still stands, and what a person can do. */
export function notUndoneText(step: StepView | undefined): string {
  if (step === undefined) return 'look at what it left, and take it back by hand';
  const failure = step.undo?.failure;
  if (failure) return oneLine(`its undo failed (${failure.message}); ${failure.hint ?? 'take it back by hand'}`);
  if (step.step.undo === 'impossible') return 'cannot be undone; its effect stays';
  if (step.step.undo === 'nothing') return 'has nothing that undoes it; take back by hand what must not stay';
  return 'was not taken back; look at its log, then take it back by hand';
}
