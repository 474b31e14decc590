import type { Failure } from '../../run/core/failure.ts';
import type { RunView, StepView } from '../view/run-view.ts';
import { oneLine } from './plain-text.ts';

/** What went wrong, the last words of a command in lines of their own, and what to do next. */
export function failureLines(failure: Failure | undefined): readonly string[] {
  if (failure === undefined) return [];
  const [first = '', ...more] = failure.message.split('\n').map(oneLine).filter((line) => line !== '');
  return [`${failure.code}: ${first}`, ...more.map((line) => `  ${line}`), ...(failure.hint === undefined ? [] : [`hint: ${oneLine(failure.hint)}`])];
}

/** Lines stay readable when a large matrix was left standing; the report lists them all. */
const stepsListed = 12;

/** What a run left in the world, step by step, with the way out. */
export function notUndoneLines(view: RunView): readonly string[] {
  const keys = view.over?.notRolledBack ?? [];
  if (keys.length === 0) return [];
  const reasons = Map.groupBy(keys, (key) => notUndoneText(view.steps.get(key)));
  return ['not undone:', ...[...reasons].map(([why, steps]) => `  ${listed(steps)}: ${why}`)];
}

const listed = (keys: readonly string[]): string =>
  keys.length <= stepsListed ? keys.join(', ') : `${keys.slice(0, stepsListed).join(', ')} and ${keys.length - stepsListed} more`;

/** Why a step still stands, and what a person can do. */
export function notUndoneText(step: StepView | undefined): string {
  if (step === undefined) return 'look at what it left, and take it back by hand';
  const failure = step.undo?.failure;
  if (failure) return oneLine(`its undo failed (${failure.message}); ${failure.hint ?? 'take it back by hand'}`);
  if (step.step.rollback === 'impossible') return 'cannot be undone; its effect stays';
  if (step.step.rollback === 'unknown') return 'nothing undoes it; check what it left';
  return 'was not taken back; look at its log, then take it back by hand';
}

/** What a run started and could not stop, with the way out. */
export function notReleasedLines(view: RunView): readonly string[] {
  const failed = [...view.steps.values()].filter(({ step, failure }) => step.tearsDown !== undefined && failure !== undefined);
  const line = ({ step, failure }: (typeof failed)[number]): string =>
    `  ${step.tearsDown ?? ''}: ${oneLine(`its release failed (${failure?.message ?? ''}); ${failure?.hint ?? 'stop what it started by hand'}`)}`;
  return view.over === undefined || failed.length === 0 ? [] : ['not released:', ...failed.map(line)];
}
