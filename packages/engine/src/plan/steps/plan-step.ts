import type { StepDeclaration } from '../../validate/valid-pipeline.ts';
import type { PlanDraft, Site } from '../draft.ts';
import { planComposite } from '../composites/plan-composite.ts';
import { planMatrix } from './plan-matrix.ts';
import type { Named } from '../plan.ts';
import { plainStep } from './plain-step.ts';
import { undoOf } from '../undo/undo-of.ts';

/** Puts a step of the file, with its matrix or what it unfolds into, at a place of the plan. */
export function planStep(draft: PlanDraft, step: StepDeclaration, site: Site): void {
  draft.named[step.id] = step.matrix ? planMatrix(draft, step, step.matrix, site, planCell) : planCell(draft, step, site);
}

function planCell(draft: PlanDraft, step: StepDeclaration, site: Site): Named {
  if (step.action.kind === 'composite') return planComposite(draft, step, step.action, site);
  draft.steps.push(plainStep(draft, step, site, undoOf(draft, step, site)));
  return { kind: 'step', step: site.key };
}
