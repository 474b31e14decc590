import { inNeedOrder } from '../util/graph.ts';
import type { StageDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import { planComposite } from './composites.ts';
import { planConcurrency } from './concurrency.ts';
import { evaluateKnownCondition } from './evaluate-known.ts';
import { planMatrix } from './matrix.ts';
import type { Placement, PlanDraft } from './plan-draft.ts';
import type { Named } from './plan.ts';
import { rollbackOf } from './rollback.ts';
import { plainStep } from './steps.ts';
import { windowNames } from './windows.ts';

/** Plans every stage, in an order that respects `needs`, with its steps and its `finally`. */
export function planStages(draft: PlanDraft): void {
  for (const stage of inNeedOrder(draft.pipeline.stages, ({ id }) => id)) planStage(draft, stage);
}

function planStage(draft: PlanDraft, stage: StageDeclaration): void {
  const { id, title, needs, timeoutMs } = stage;
  const onFailure = stage.onFailure ?? draft.pipeline.onFailure;
  const context = { draft, placeOf: stage.placeOf };
  const when = stage.when && evaluateKnownCondition(stage.when, context);
  const isNever = when?.$expr === 'false';
  draft.groups.push({
    key: id,
    kind: 'stage',
    title,
    parent: '',
    needs,
    failFast: false,
    onFailure,
    ...windowNames(stage.window, context),
    ...(when && { when }),
    ...(stage.runbook !== undefined && { runbook: stage.runbook }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...planConcurrency(draft, stage.concurrency),
  });
  planList(draft, stage.steps, { group: id, phase: 'main', onFailure, gates: [], hasWhen: false, hasWindow: false, isNever }, stage.parallel);
  planFinally(draft, stage.finally, { key: `${id}/finally`, title: `${title}: finally`, parent: id });
}

/** Plans the steps that run at the end of a stage or of the run, one after the other. */
export function planFinally(
  draft: PlanDraft,
  steps: readonly StepDeclaration[],
  group: { readonly key: string; readonly title: string; readonly parent: string },
): void {
  if (steps.length === 0) return;
  const { onFailure } = draft.pipeline;
  draft.groups.push({ ...group, kind: 'finally', needs: [], failFast: false, onFailure });
  planList(draft, steps, { group: group.key, phase: 'finally', onFailure, gates: [], hasWhen: false, hasWindow: false }, false);
}

/** Steps in order need the one before them; parallel steps need only what they say. */
function planList(draft: PlanDraft, steps: readonly StepDeclaration[], place: Omit<Placement, 'key' | 'needs'>, isParallel: boolean): void {
  const keyOf = (id: string): string => `${place.group}/${id}`;
  let before: readonly string[] = [];
  for (const step of isParallel ? inNeedOrder(steps, ({ id }) => id) : steps) {
    const needs = [...new Set([...before, ...step.needs.map(keyOf)])];
    planStep(draft, step, { ...place, key: keyOf(step.id), needs });
    if (!isParallel) before = [keyOf(step.id)];
  }
}

/** Puts a step of the file, with the cells of its matrix or what it unfolds into, at a place of the plan. */
function planStep(draft: PlanDraft, step: StepDeclaration, place: Placement): void {
  draft.named[step.id] = step.matrix ? planMatrix(draft, step, step.matrix, place, planCell) : planCell(draft, step, place);
}

function planCell(draft: PlanDraft, step: StepDeclaration, place: Placement): Named {
  if (step.action.kind === 'composite') return planComposite(draft, step, step.action, place);
  draft.steps.push(plainStep(draft, step, place, rollbackOf(draft, step, place)));
  return { kind: 'step', step: place.key };
}
