import { isAutomatic, type StepType } from '../contract/index.ts';
import { runStepType } from '../model/built-in-types.ts';
import { defaultApprovalTimeoutMs } from '../model/defaults.ts';
import type { RetryPolicy } from '../model/retry.ts';
import type { StepDeclaration, ValidPipeline } from '../validate/valid-pipeline.ts';
import { actOf, taskSecrets } from './actions.ts';
import { evaluateKnown, evaluateKnownCondition, type KnownContext } from './evaluate-known.ts';
import { gateTimeoutMs, mergeGates, watchedBy } from './gates.ts';
import { machineOf, taskMachine } from './machines.ts';
import type { Placement, PlanDraft } from './plan-draft.ts';
import type { PlanStep, WatchedGate } from './plan.ts';
import { windowNames } from './windows.ts';

/** A step of the file that does one thing, at its place in the plan. */
export function plainStep(draft: PlanDraft, step: StepDeclaration, place: Placement, rollback: PlanStep['rollback']): PlanStep {
  const { key, group, needs, phase, matrix } = place;
  const context: KnownContext = { draft, matrix, placeOf: (path) => step.placeOf(path) };
  const gates = mergeGates(place.gates, watchedBy(draft, step.gates));
  const timeoutMs = waitTimeoutMs(draft, step, gates);
  const when = step.when && !place.hasWhen ? evaluateKnownCondition(step.when, context) : undefined;
  const act = actOf(draft, step, { ...context, isNever: place.isNever === true || step.leftOut !== undefined || when?.$expr === 'false' });
  return {
    key,
    id: step.id,
    title: matrix ? `${step.title} (${Object.values(matrix).map(String).join(', ')})` : step.title,
    needs,
    group,
    phase,
    act,
    ...taskSecrets(act),
    ...taskMachine(act, machineOf(place.runsOn, step.runsOn, context)),
    ...(step.artifacts && { artifacts: evaluateKnown(step.artifacts, context, ['artifacts']) as readonly string[] }),
    gates,
    wakeEveryMs: step.wakeEveryMs,
    ...traitsOf(draft, step, phase),
    rollback,
    onFailure: step.onFailure ?? place.onFailure,
    ...(when && { when }),
    ...(place.hasWindow ? {} : windowNames(step.window, context)),
    ...(step.leftOut !== undefined && { leftOut: step.leftOut }),
    ...(step.runbook !== undefined && { runbook: step.runbook }),
    ...(matrix && { matrix }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

function waitTimeoutMs(draft: PlanDraft, { action, timeoutMs }: StepDeclaration, gates: readonly WatchedGate[]): number | undefined {
  if (action.kind === 'gate') return timeoutMs ?? gateTimeoutMs(draft.gates, gates);
  if (action.kind === 'approval') return timeoutMs ?? defaultApprovalTimeoutMs;
  return action.kind === 'hold' ? timeoutMs : undefined;
}

/** How often a step is tried, what happens when it is lost, from when on it counts as done, and whether its rollback returns traffic. */
export type StepTraits = Pick<PlanStep, 'retry' | 'onLost' | 'savesState' | 'restoresTraffic'>;

function traitsOf({ pipeline: { defaults, registry } }: PlanDraft, { action, retry, onLost }: StepDeclaration, phase: PlanStep['phase']): StepTraits {
  const type = action.kind === 'task' ? registry.steps.get(action.uses) : undefined;
  // During a rollback nobody is asked: the step is probed where it can be, else repeated, which must be harmless after a crash.
  if (phase === 'rollback') return { retry: { ...defaults.retry, ...retry }, onLost: onLost === 'probe' ? 'probe' : 'retry', savesState: false };
  if (!type) return waitTraits(defaults);
  const isRun = action.kind === 'task' && action.uses === runStepType;
  // A command is tried once unless it says `retry`, and counts as done from the moment it started.
  return isRun ? { retry: { ...oneAttempt(defaults), ...retry }, onLost, savesState: false } : typeTraits(defaults, retry, type);
}

/** The traits of a hold, a gate and an approval. */
export const waitTraits = (defaults: ValidPipeline['defaults']): StepTraits => ({ retry: oneAttempt(defaults), onLost: 'retry', savesState: false });

/** The traits of a step whose type is from a plugin. A type that asks when it is lost is tried once. */
export const typeTraits = (defaults: ValidPipeline['defaults'], retry: StepDeclaration['retry'], type: StepType): StepTraits => ({
  retry: type.onLost === 'ask' ? { ...oneAttempt(defaults), ...lossesOf(retry) } : { ...defaults.retry, ...retry },
  onLost: type.onLost,
  savesState: type.state !== undefined,
  ...(isAutomatic(type.rollback) && type.rollback.restoresTraffic && { restoresTraffic: true }),
});

export const lossesOf = ({ losses }: Partial<RetryPolicy> = {}): Partial<Pick<RetryPolicy, 'losses'>> => (losses === undefined ? {} : { losses });

/** One attempt; the pauses are those of its probes and rollbacks. */
const oneAttempt = ({ retry }: ValidPipeline['defaults']): RetryPolicy => ({ ...retry, attempts: 1 });
