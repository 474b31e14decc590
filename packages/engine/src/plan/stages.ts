import type { StageDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import { planComposite } from './composites.ts';
import type { PlanDraft, Site } from './plan-draft.ts';
import { foldWhen } from './evaluate-known.ts';
import { inOrder } from './dag.ts';
import type { Named } from './plan.ts';
import { plainStep } from './steps.ts';
import { planMatrix } from './matrix.ts';
import { undoOf } from './rollback.ts';

/** Every stage in an order that obeys `needs`, its steps, and its `finally`. */
export function planStages(draft: PlanDraft): void {
  for (const stage of inOrder(draft.pipeline.stages, ({ id }) => id)) planStage(draft, stage);
}

function planStage(draft: PlanDraft, stage: StageDeclaration): void {
  const { id, title, needs, timeoutMs } = stage;
  const onFailure = stage.onFailure ?? draft.pipeline.onFailure;
  const folding = { draft, placeOf: () => stage.at };
  draft.groups.push({
    key: id,
    kind: 'stage',
    title,
    parent: '',
    needs,
    failFast: false,
    onFailure,
    ...(stage.when && { when: foldWhen(stage.when, folding) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const site = { group: id, phase: 'main', onFailure, gates: [], hasWhen: false } as const;
  planList(draft, stage.steps, site, stage.parallel);
  planFinally(draft, stage.finally, { key: `${id}/finally`, title: `${title}: finally`, parent: id });
}

/** Steps that run at the end of a stage or of the run, one after the other. */
export function planFinally(
  draft: PlanDraft,
  steps: readonly StepDeclaration[],
  group: { readonly key: string; readonly title: string; readonly parent: string },
): void {
  if (steps.length === 0) return;
  const { onFailure } = draft.pipeline;
  draft.groups.push({ ...group, kind: 'finally', needs: [], failFast: false, onFailure });
  planList(draft, steps, { group: group.key, phase: 'finally', onFailure, gates: [], hasWhen: false }, false);
}

/** Steps in order: each needs the one before it. Side by side: only what they say. */
function planList(
  draft: PlanDraft,
  steps: readonly StepDeclaration[],
  site: Omit<Site, 'key' | 'needs'>,
  isParallel: boolean,
): void {
  const keyOf = (id: string): string => `${site.group}/${id}`;
  let before: readonly string[] = [];
  for (const step of isParallel ? inOrder(steps, ({ id }) => id) : steps) {
    const needs = [...new Set([...before, ...step.needs.map(keyOf)])];
    planStep(draft, step, { ...site, key: keyOf(step.id), needs });
    if (!isParallel) before = [keyOf(step.id)];
  }
}

/** Puts a step of the file, with its matrix or what it unfolds into, at a place of the plan. */
export function planStep(draft: PlanDraft, step: StepDeclaration, site: Site): void {
  draft.named[step.id] = step.matrix ? planMatrix(draft, step, step.matrix, site, planCell) : planCell(draft, step, site);
}

function planCell(draft: PlanDraft, step: StepDeclaration, site: Site): Named {
  if (step.action.kind === 'composite') return planComposite(draft, step, step.action, site);
  draft.steps.push(plainStep(draft, step, site, undoOf(draft, step, site)));
  return { kind: 'step', step: site.key };
}
