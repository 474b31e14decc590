import type { StepType } from '../contract/index.ts';
import type { RetryPolicy } from '../model/retry.ts';
import type { StepDeclaration, ValidPipeline } from '../validate/valid-pipeline.ts';
import { actOf, taskSecrets } from './actions.ts';
import type { PlanDraft, Site } from './plan-draft.ts';
import { type Folding, foldWhen } from './evaluate-known.ts';
import { gateTimeoutMs, mergeGates } from './gates.ts';
import type { PlanStep, WatchedGate } from './plan.ts';

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

/** The built-in type of `run:` steps. */
export const runType = 'relpipe.run';

type Traits = Pick<PlanStep, 'retry' | 'onLost' | 'savesState'>;

/** How often a step is tried, what happens when it is lost, and from when on it counts as done. */
export function stepTraits({ pipeline }: PlanDraft, step: StepDeclaration, phase: PlanStep['phase']): Traits {
  const type = step.action.kind === 'task' ? pipeline.registry.steps.get(step.action.uses) : undefined;
  if (phase === 'rollback') return { retry: { ...pipeline.defaults.retry, ...step.retry }, onLost: onLostUndoing(step), savesState: false };
  if (!type) return { retry: onceOf(pipeline.defaults), onLost: 'retry', savesState: false };
  const isRun = step.action.kind === 'task' && step.action.uses === runType;
  return isRun ? runTraits(pipeline, step) : typeTraits(pipeline.defaults, step.retry, type);
}

/** Nobody is asked on the way back: it is looked at where that can be, else repeated, which has to be harmless after a crash. */
const onLostUndoing = ({ onLost }: StepDeclaration): 'probe' | 'retry' => (onLost === 'probe' ? 'probe' : 'retry');

/** A command is tried once unless it says `retry`, and counts as done from the moment it began. */
const runTraits = ({ defaults }: ValidPipeline, { retry, onLost }: StepDeclaration): Traits => ({
  retry: { ...onceOf(defaults), ...retry },
  onLost,
  savesState: false,
});

export const typeTraits = (defaults: ValidPipeline['defaults'], retry: Partial<RetryPolicy> | undefined, type: StepType): Traits => ({
  retry: type.onLost === 'ask' ? { ...onceOf(defaults), ...lossesOf(retry) } : { ...defaults.retry, ...retry },
  onLost: type.onLost,
  savesState: type.state !== undefined,
});

export const lossesOf = ({ losses }: Partial<RetryPolicy> = {}): Partial<RetryPolicy> => (losses === undefined ? {} : { losses });

/** One try; its pauses are those of its probes and rollbacks. */
export const onceOf = ({ retry }: ValidPipeline['defaults']): RetryPolicy => ({ ...retry, attempts: 1 });
