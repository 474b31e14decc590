import { rollbackKindOf } from '../../contract/index.ts';
import type { StepDeclaration } from '../../validate/valid-pipeline.ts';
import type { PlanDraft, Site } from '../draft.ts';
import { planRollback } from './plan-rollback.ts';
import type { PlanStep } from '../plan.ts';
import { runType } from '../steps/step-traits.ts';

/** How a step is undone: as the file says, else as its type does. */
export function undoOf(draft: PlanDraft, step: StepDeclaration, site: Site): PlanStep['rollback'] {
  const { action, rollback, irreversible } = step;
  if (irreversible) return 'impossible';
  if (rollback === 'none') return 'nothing';
  if (rollback) return planRollback(draft, rollback, site);
  if (action.kind === 'task' && action.uses === runType) return 'unknown';
  const type = action.kind === 'task' ? draft.pipeline.registry.steps.get(action.uses) : undefined;
  return type ? rollbackKindOf(type) : 'nothing';
}
