import type { Path } from '../load/raw-pipeline.ts';
import type { Machine } from '../model/machine.ts';
import { inNeedOrder } from '../util/graph.ts';
import type { StageDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import { planComposite } from './composites.ts';
import { planConcurrency } from './concurrency.ts';
import { evaluateKnownCondition } from './evaluate-known.ts';
import { machineOf } from './machines.ts';
import { planMatrix } from './matrix.ts';
import { planPipeline } from './pipelines.ts';
import { keyIn, type Placement, type PlanDraft } from './plan-draft.ts';
import type { Named } from './plan-pipeline.ts';
import { rollbackOf } from './rollback.ts';
import { plainStep } from './steps.ts';
import { windowNames } from './windows.ts';

/** Plans every stage of a file, in an order that respects `needs`, with its steps and its `finally`; and then the `finally` of the file. */
export function planStages(draft: PlanDraft): void {
  const { pipeline, frame } = draft;
  for (const stage of inNeedOrder(pipeline.stages, ({ id }) => id)) planStage(draft, stage);
  planFinally(draft, pipeline.finally, frame.runsOn, { key: keyIn(frame, 'finally'), title: 'finally', parent: frame.key });
}

function planStage(draft: PlanDraft, stage: StageDeclaration): void {
  const { title, timeoutMs } = stage;
  const { frame } = draft;
  const key = keyIn(frame, stage.id);
  const onFailure = stage.onFailure ?? frame.onFailure;
  const context = { draft, placeOf: (path: Path) => stage.placeOf(path) };
  const when = stage.when && evaluateKnownCondition(stage.when, context);
  const isNever = frame.isNever || stage.leftOut !== undefined || when?.$expr === 'false';
  draft.groups.push({
    key,
    kind: 'stage',
    title,
    parent: frame.key,
    needs: stage.needs.map((need) => keyIn(frame, need)),
    failFast: false,
    onFailure,
    ...windowNames(stage.window, context),
    ...(when && { when }),
    ...(stage.leftOut !== undefined && { leftOut: stage.leftOut }),
    ...(stage.runbook !== undefined && { runbook: stage.runbook }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...planConcurrency(draft, stage.concurrency),
  });
  const runsOn = machineOf(frame.runsOn, stage.runsOn, context);
  planList(draft, stage.steps, { group: key, phase: 'main', onFailure, gates: frame.gates, runsOn, hasWhen: false, hasWindow: false, isNever }, stage.parallel);
  planFinally(draft, stage.finally, runsOn, { key: `${key}/finally`, title: `${title}: finally`, parent: key });
}

/** Plans the steps that run at the end of a stage or of the run, one after the other. */
function planFinally(
  draft: PlanDraft,
  steps: readonly StepDeclaration[],
  runsOn: Machine,
  group: { readonly key: string; readonly title: string; readonly parent: string },
): void {
  if (steps.length === 0) return;
  const { onFailure } = draft.frame;
  draft.groups.push({ ...group, kind: 'finally', needs: [], failFast: false, onFailure });
  planList(draft, steps, { group: group.key, phase: 'finally', onFailure, gates: [], runsOn, hasWhen: false, hasWindow: false }, false);
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
  if (step.action.kind === 'pipeline') return planPipeline(draft, step, step.action, place, planStages);
  if (step.action.kind === 'composite') return planComposite(draft, step, step.action, place);
  draft.steps.push(plainStep(draft, step, place, rollbackOf(draft, step, place)));
  return { kind: 'step', step: place.key };
}
