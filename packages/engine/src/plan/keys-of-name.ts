import { rollbackStepsIn } from './dag.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { GroupKey, StepKey } from './plan.ts';
import type { Named } from './plan-pipeline.ts';

/** The keys of what a name of the file means: a stage, or the id of a step, which may be a matrix, unfold, or belong to a rollback. */
export function keysOfName(draft: PlanDraft, name: string): readonly (StepKey | GroupKey)[] {
  const stage = draft.groups.find(({ kind, key }) => kind === 'stage' && key === name);
  const step = draft.named[name];
  const rollbacks = [...draft.groups, ...draft.steps].flatMap(({ rollback }) => rollbackStepsIn(rollback));
  return [...(stage ? [stage.key] : []), ...(step ? keysOfStep(step) : rollbacks.filter(({ id }) => id === name).map(({ key }) => key))];
}

function keysOfStep(named: Named): readonly (StepKey | GroupKey)[] {
  if (named.kind === 'step') return [named.step];
  return named.kind === 'composite' || named.kind === 'pipeline' ? [named.group] : named.cells.flatMap((cell) => keysOfStep(cell.named));
}
