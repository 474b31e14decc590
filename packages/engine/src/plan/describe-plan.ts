import type { Preview, TeardownScope } from '../contract/index.ts';
import type { Ms } from '../model/ms.ts';
import { ancestors, groupsByKey, isNever } from './dag.ts';
import { longestUnnoticedMs } from './gates.ts';
import { minimumDuration } from './minimum-duration.ts';
import type { Group, Plan, PlanStep, StepKey } from './plan.ts';
import type { PlanCheck } from './verify-plan.ts';

/**
 * How a step is rolled back. `automatic`: by its type; `assisted`: by a person, and its type verifies it; `by-steps`: by steps of the file
 * or of its composite; `not-needed`: there is nothing to roll back; `not-defined`: neither the file nor the type says how.
 */
export type RollbackMeans = 'automatic' | 'assisted' | 'by-steps' | 'not-needed' | 'not-defined' | 'impossible';

export interface StepDescription {
  readonly key: StepKey;
  readonly title: string;
  readonly act: PlanStep['act']['act'];
  readonly phase: PlanStep['phase'];
  /** The inputs already say that it does not run. */
  readonly isNever: boolean;
  readonly rollback: RollbackMeans;
  /** The scope at whose end it is torn down. */
  readonly teardown?: TeardownScope;
  readonly preview?: Preview;
  /** Missing where no gate watches. */
  readonly unnoticedMs?: Ms;
}

/** What `relpipe plan` says about a plan. */
export interface PlanDescription {
  readonly steps: readonly StepDescription[];
  /** The first step that cannot be rolled back. */
  readonly pointOfNoReturn?: StepKey;
  readonly minimumMs: Ms;
  /** Holds whose length is known only during the run. */
  readonly holdsOfUnknownLength: readonly StepKey[];
  /** The longest time for which a breach could go unnoticed while a process executes the run, and while the run is parked. */
  readonly unnoticedMs?: Ms;
  readonly unnoticedParkedMs?: Ms;
  /** How many rollbacks may run at once; missing where any number may. */
  readonly maxParallelRollbacks?: number;
  /** The types of the reporters of the file. */
  readonly reporters: readonly string[];
  readonly unchecked: PlanCheck['unchecked'];
}

/** What a plan would do, how it is rolled back, and what it risks. `check` comes from `verifyPlan`. */
export function describePlan(plan: Plan, check: PlanCheck): PlanDescription {
  const groups = groupsByKey(plan);
  const steps = plan.steps.filter(({ phase }) => phase !== 'teardown').map((step) => describeStep(plan, groups, step, check));
  const { ms, unknown } = minimumDuration(plan);
  const noReturn = steps.find(({ rollback, isNever }) => rollback === 'impossible' && !isNever);
  const watched = plan.steps.flatMap((step) => {
    const unnoticedMs = longestUnnoticedMs(plan, step);
    return unnoticedMs === undefined ? [] : [{ unnoticedMs, parkedMs: unnoticedMs + step.maxBlindMs }];
  });
  return {
    steps,
    minimumMs: ms,
    holdsOfUnknownLength: unknown.map(({ key }) => key),
    reporters: (plan.reporters ?? []).map(({ uses }) => uses),
    unchecked: check.unchecked,
    ...(plan.maxParallelRollbacks !== undefined && { maxParallelRollbacks: plan.maxParallelRollbacks }),
    ...(noReturn && { pointOfNoReturn: noReturn.key }),
    ...(watched.length > 0 && {
      unnoticedMs: Math.max(...watched.map(({ unnoticedMs }) => unnoticedMs)),
      unnoticedParkedMs: Math.max(...watched.map(({ parkedMs }) => parkedMs)),
    }),
  };
}

function describeStep(plan: Plan, groups: ReadonlyMap<string, Group>, step: PlanStep, check: PlanCheck): StepDescription {
  const around = [...ancestors(groups, step.group)];
  const preview = check.previews.get(step.key);
  const unnoticedMs = longestUnnoticedMs(plan, step);
  return {
    key: step.key,
    title: step.title,
    act: step.act.act,
    phase: step.phase,
    isNever: [step, ...around].some(isNever),
    rollback: rollbackMeans(step, around),
    ...(step.teardown && { teardown: step.teardown }),
    ...(preview && { preview }),
    ...(unnoticedMs !== undefined && { unnoticedMs }),
  };
}

function rollbackMeans({ rollback }: PlanStep, around: readonly Group[]): RollbackMeans {
  if (rollback === 'impossible') return rollback;
  if (typeof rollback === 'object' || around.some((group) => group.rollback)) return 'by-steps';
  if (rollback === 'nothing') return 'not-needed';
  return rollback === 'unknown' ? 'not-defined' : rollback;
}
