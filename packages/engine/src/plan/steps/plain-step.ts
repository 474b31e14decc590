import type { StepDeclaration } from '../../validate/valid-pipeline.ts';
import { actOf, taskSecrets } from './act-of.ts';
import type { PlanDraft, Site } from '../draft.ts';
import { type Folding, foldWhen } from '../fold.ts';
import { gateTimeoutMs } from '../gates/gate-timeout.ts';
import { mergeGates } from '../gates/merge-gates.ts';
import type { PlanStep, WatchedGate } from '../plan.ts';
import { stepTraits } from './step-traits.ts';

const hour = 3_600_000;
const approvalTimeoutMs = 72 * hour;

/** A step of the file that does one thing, at its place in the plan. */
export function plainStep(draft: PlanDraft, step: StepDeclaration, site: Site, undo: PlanStep['rollback']): PlanStep {
  const { key, group, needs, phase, matrix } = site;
  const folding: Folding = { draft, matrix, placeOf: (path) => step.placeOf(path) };
  const gates = mergeGates(site.gates, step.gates);
  const timeoutMs = waitTimeoutMs(draft, step, gates);
  const when = step.when && !site.hasWhen ? foldWhen(step.when, folding) : undefined;
  const act = actOf(draft, step, folding);
  return {
    key,
    id: step.id,
    title: matrix ? `${step.title} (${Object.values(matrix).map(String).join(', ')})` : step.title,
    needs,
    group,
    phase,
    act,
    ...taskSecrets(act),
    gates,
    maxBlindMs: step.maxBlindMs,
    ...stepTraits(draft, step, phase),
    rollback: undo,
    onFailure: step.onFailure ?? site.onFailure,
    ...(when && { when }),
    ...(matrix && { matrix }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

function waitTimeoutMs(draft: PlanDraft, { action, timeoutMs }: StepDeclaration, gates: readonly WatchedGate[]): number | undefined {
  if (action.kind === 'gate') return timeoutMs ?? gateTimeoutMs(draft.pipeline.gates, gates);
  if (action.kind === 'approval') return timeoutMs ?? approvalTimeoutMs;
  return action.kind === 'hold' ? timeoutMs : undefined;
}
