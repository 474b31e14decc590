import type { Json, Preview, TeardownScope } from '../contract/index.ts';
import type { Ms } from '../model/ms.ts';
import { chainPreviews } from './chain-previews.ts';
import { channelText } from './channels.ts';
import { ancestors, groupsByKey, isNever, rollbackStepsIn } from './dag.ts';
import { longestUnnoticedMs } from './gates.ts';
import { groupsTaken, type TakenGroup } from './may-change.ts';
import { minimumDuration } from './minimum-duration.ts';
import type { Group, GroupKey, InputOrigin, Plan, PlanGate, PlanStep, RollbackSteps, StepKey } from './plan.ts';
import type { PlanPipeline } from './plan-pipeline.ts';
import type { PlanCheck } from './verify-plan.ts';

/**
 * How a step is rolled back. `automatic`: by its type; `assisted`: by a person, and its type verifies it; `by-steps`: by steps of the file
 * or of its composite; `not-needed`: there is nothing to roll back; `not-defined`: neither the file nor the type says how.
 */
export type RollbackMeans = 'automatic' | 'assisted' | 'by-steps' | 'not-needed' | 'not-defined' | 'impossible';

/** The value of an input, and where it came from. */
export interface InputDescription {
  readonly name: string;
  readonly value: Json;
  readonly origin: string;
}

export interface StepDescription {
  readonly key: StepKey;
  /** With what it does, whom it asks, and what ends it. */
  readonly step: PlanStep;
  /** The inputs already say that it does not run. */
  readonly isNever: boolean;
  /** Why this run leaves it out. */
  readonly leftOut?: string;
  readonly rollback: RollbackMeans;
  /** The scope at whose end it is torn down. */
  readonly teardown?: TeardownScope;
  readonly preview?: Preview;
  /** Missing where no gate watches. */
  readonly unnoticedMs?: Ms;
}

interface RollbackUnit {
  readonly key: GroupKey;
  readonly rollback: RollbackSteps;
  /** The last step inside. */
  readonly last: StepKey;
}

interface PipelineDescription {
  readonly key: GroupKey;
  readonly pipeline: PlanPipeline;
  /** The first step inside. */
  readonly first: StepKey;
}

/** What `relpipe plan` says about a plan. */
export interface PlanDescription {
  readonly inputs: readonly InputDescription[];
  readonly environment?: string;
  /** Optional secrets without a value. */
  readonly absentSecrets: readonly string[];
  readonly steps: readonly StepDescription[];
  /** The sub-pipelines, outer ones first. */
  readonly pipelines: readonly PipelineDescription[];
  /** Groups that are rolled back as one, by steps of their own. */
  readonly units: readonly RollbackUnit[];
  /** The gates that watch a step. */
  readonly gates: readonly PlanGate[];
  /** The first step that cannot be rolled back. */
  readonly pointOfNoReturn?: StepKey;
  /** The groups of runs that it takes. */
  readonly groups: readonly TakenGroup[];
  readonly minimumMs: Ms;
  /** Holds whose length is known only during the run. */
  readonly holdsOfUnknownLength: readonly StepKey[];
  /** The longest time for which a breach could go unnoticed while a process executes the run, and while the run is parked. */
  readonly unnoticedMs?: Ms;
  readonly unnoticedParkedMs?: Ms;
  /** After which the run is paused. */
  readonly timeoutMs?: Ms;
  /** How many rollbacks may run at once; missing where any number may. */
  readonly maxParallelRollbacks?: number;
  readonly windows: PlanCheck['windows'];
  /** The channels that are notified, each with its events where it does not take all. */
  readonly notify: readonly string[];
  readonly unchecked: PlanCheck['unchecked'];
}

/** What a plan would do, how it is rolled back, and what it risks. `check` comes from `verifyPlan`. */
export function describePlan(plan: Plan, check: PlanCheck): PlanDescription {
  const groups = groupsByKey(plan);
  const previews = chainPreviews(plan, check.previews);
  const steps = plan.steps.filter(({ phase }) => phase !== 'teardown').map((step) => describeStep(plan, groups, step, previews));
  const { ms, unknown } = minimumDuration(plan);
  const noReturn = steps.find(({ rollback, isNever }) => rollback === 'impossible' && !isNever);
  const watched = plan.steps.flatMap((step) => {
    const unnoticedMs = longestUnnoticedMs(plan, step);
    return unnoticedMs === undefined ? [] : [{ unnoticedMs, parkedMs: unnoticedMs + step.wakeEveryMs }];
  });
  return {
    inputs: describeInputs(plan),
    absentSecrets: Object.entries(plan.optionalSecrets ?? {}).flatMap(([name, isPresent]) => (isPresent ? [] : [name])),
    ...(plan.environment !== undefined && { environment: plan.environment }),
    steps,
    pipelines: pipelinesOf(plan, groups),
    units: unitsOf(plan, groups),
    gates: gatesOf(plan),
    windows: check.windows,
    groups: groupsTaken(plan),
    minimumMs: ms,
    holdsOfUnknownLength: unknown.map(({ key }) => key),
    notify: (plan.notify ?? []).map(channelText),
    unchecked: check.unchecked,
    ...(plan.timeoutMs !== undefined && { timeoutMs: plan.timeoutMs }),
    ...(plan.maxParallelRollbacks !== undefined && { maxParallelRollbacks: plan.maxParallelRollbacks }),
    ...(noReturn && { pointOfNoReturn: noReturn.key }),
    ...(watched.length > 0 && {
      unnoticedMs: Math.max(...watched.map(({ unnoticedMs }) => unnoticedMs)),
      unnoticedParkedMs: Math.max(...watched.map(({ parkedMs }) => parkedMs)),
    }),
  };
}

/** Each input with a value; where it came from is missing in plans of previous versions. */
export const describeInputs = ({ inputs, source }: Plan): readonly InputDescription[] =>
  Object.entries(inputs).map(([name, value]) => ({ name, value, origin: originText(source.inputs?.[name]) }));

function originText(origin: InputOrigin | undefined): string {
  if (origin === undefined) return '';
  return origin.detail === undefined ? origin.from : `${origin.from}: ${origin.detail}`;
}

function describeStep(plan: Plan, groups: ReadonlyMap<string, Group>, step: PlanStep, previews: PlanCheck['previews']): StepDescription {
  const around = [...ancestors(groups, step.group)];
  const preview = previews.get(step.key);
  const unnoticedMs = longestUnnoticedMs(plan, step);
  const leftOut = [step, ...around].map((node) => node.leftOut).find((because) => because !== undefined);
  return {
    key: step.key,
    step,
    isNever: [step, ...around].some(isNever),
    ...(leftOut !== undefined && { leftOut }),
    rollback: rollbackMeans(step, around),
    ...(step.teardown && { teardown: step.teardown }),
    ...(preview && { preview }),
    ...(unnoticedMs !== undefined && { unnoticedMs }),
  };
}

function pipelinesOf(plan: Plan, groups: ReadonlyMap<GroupKey, Group>): readonly PipelineDescription[] {
  const first = new Map<GroupKey, StepKey>();
  for (const step of plan.steps) for (const { key } of ancestors(groups, step.group)) if (!first.has(key)) first.set(key, step.key);
  return plan.groups.flatMap(({ key }) => {
    const pipeline = plan.pipelines?.[key];
    const start = first.get(key);
    return pipeline && start !== undefined ? [{ key, pipeline, first: start }] : [];
  });
}

function unitsOf(plan: Plan, groups: ReadonlyMap<GroupKey, Group>): readonly RollbackUnit[] {
  const last = new Map<GroupKey, StepKey>();
  for (const step of plan.steps.filter(({ phase }) => phase !== 'teardown')) {
    for (const { key } of ancestors(groups, step.group)) last.set(key, step.key);
  }
  return plan.groups.flatMap(({ key, rollback }) => {
    const end = last.get(key);
    return rollback && end !== undefined ? [{ key, rollback, last: end }] : [];
  });
}

function gatesOf({ steps, groups, gates }: Plan): readonly PlanGate[] {
  const rollbacks = [...steps, ...groups].flatMap(({ rollback }) => rollbackStepsIn(rollback));
  const watched = new Set([...steps, ...rollbacks].flatMap((step) => step.gates.map(({ gate }) => gate)));
  return Object.values(gates).filter(({ name }) => watched.has(name));
}

function rollbackMeans({ rollback }: PlanStep, around: readonly Group[]): RollbackMeans {
  if (rollback === 'impossible') return rollback;
  if (typeof rollback === 'object' || around.some((group) => group.rollback)) return 'by-steps';
  if (rollback === 'nothing') return 'not-needed';
  return rollback === 'unknown' ? 'not-defined' : rollback;
}
