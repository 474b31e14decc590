import type { Failure } from '../../run/core/failure.ts';
import type { GroupKey, StepKey } from '../../plan/plan.ts';
import { runbookFor } from '../../plan/runbook.ts';
import { isAtPointOfNoReturn, type RunView, type StepView } from '../view/run-view.ts';
import { nextCommandsAt, type NextCommands } from './next-commands.ts';
import { listed } from '../../util/phrases.ts';
import { oneLine } from './plain-text.ts';

/** What went wrong, the last output of a command in lines of its own, and what to do next. */
export function failureLines(failure: Failure | undefined, next: NextCommands): readonly string[] {
  if (failure === undefined) return [];
  const [first = '', ...more] = failure.message.split('\n').map(oneLine).filter((line) => line !== '');
  return [`${failure.code}: ${first}`, ...more.map((line) => `  ${line}`), ...(failure.hint === undefined ? [] : [`hint: ${next.inText(oneLine(failure.hint))}`])];
}

/** What the file says to do when this fails. */
export function runbookLines(view: RunView, key: StepKey | GroupKey, next: NextCommands): readonly string[] {
  const text = runbookOf(view, key);
  if (text === undefined) return [];
  const [first = '', ...more] = text.split('\n').map(oneLine).filter((line) => line !== '');
  return [`runbook: ${next.inText(first)}`, ...more.map((line) => `  ${next.inText(line)}`)];
}

/** The nearest one, from the step outwards. */
export const runbookOf = ({ plan, steps }: RunView, key: StepKey | GroupKey): string | undefined => runbookFor(plan, steps.get(key)?.rollsBack ?? key);

/** Lines stay readable when a large matrix was not rolled back; the report lists all of it. */
const stepsListed = 12;

/** The changes that a run left in effect, step by step, with what to do. */
export function notRolledBackLines(view: RunView, next: NextCommands): readonly string[] {
  const keys = notRolledBack(view);
  if (keys.length === 0) return [];
  const reasons = Map.groupBy(keys, (key) => notRolledBackText(view.steps.get(key), next));
  return ['not rolled back:', ...[...reasons].map(([why, steps]) => `  ${listed(steps, stepsListed)}: ${why}`)];
}

/** The steps whose changes a run left in effect. A run that was stopped has rolled back nothing. */
export function notRolledBack({ over, steps }: RunView): readonly StepKey[] {
  if (over === undefined || over.outcome !== 'stopped' || over.notRolledBack.length > 0) return over?.notRolledBack ?? [];
  return [...steps.values()].filter(leftInPlace).map(({ step }) => step.key);
}

const leftInPlace = ({ step, state }: StepView): boolean =>
  step.phase === 'main' && step.act.act === 'task' && step.rollback !== 'nothing' && (state === 'succeeded' || state === 'unknown');

/** Why the change of a step is still in effect, and what a person can do. */
export function notRolledBackText(step: StepView | undefined, next: NextCommands = nextCommandsAt()): string {
  if (step === undefined) return 'check what it left in effect, and roll it back manually';
  const failure = step.rollback?.failure;
  if (failure) return oneLine(`its rollback failed (${failure.message}); ${next.inText(failure.hint ?? 'roll it back manually')}`);
  if (step.step.rollback === 'impossible') return 'cannot be rolled back; its change stays in effect';
  if (step.step.rollback === 'unknown') return 'declares no rollback; check what it left in effect';
  return 'was not rolled back; read its log, then roll it back manually';
}

/** What a person can do where the run cannot roll back further. */
export const pointOfNoReturnLines = (view: RunView): readonly string[] =>
  isAtPointOfNoReturn(view) ? ['Roll back manually what has to be rolled back. Then end the run; its remaining changes stay in place.'] : [];

/** What a run started and could not stop, with what to do. */
export function notTornDownLines(view: RunView, next: NextCommands): readonly string[] {
  const failed = [...view.steps.values()].filter(({ step, failure }) => step.tearsDown !== undefined && failure !== undefined);
  const line = ({ step, failure }: (typeof failed)[number]): string =>
    `  ${step.tearsDown ?? ''}: ${oneLine(`its teardown failed (${failure?.message ?? ''}); ${next.inText(failure?.hint ?? 'stop what it started manually')}`)}`;
  return view.over === undefined || failed.length === 0 ? [] : ['not torn down:', ...failed.map(line)];
}
