import type { Preview, TeardownScope } from '../contract/index.ts';
import type { Ms } from '../model/ms.ts';
import { ancestors, isNever, leastDuration } from './minimum-duration.ts';
import type { Group, Plan, PlanStep, StepKey } from './plan.ts';
import { unnoticedFor } from './gates.ts';
import type { PlanCheck } from './verify-plan.ts';

/** `by-itself`: its type does; `with-help`: a person does, and its type sees to it; `by-steps`: the file or its composite does; `needless`: there is nothing to undo. */
export type UndoneHow = 'by-itself' | 'with-help' | 'by-steps' | 'needless' | 'not-at-all' | 'impossible';

export interface StepDescription {
  readonly key: StepKey;
  readonly title: string;
  readonly act: PlanStep['act']['act'];
  readonly phase: PlanStep['phase'];
  /** The inputs already say that it does not run. */
  readonly isNever: boolean;
  readonly undone: UndoneHow;
  /** When what it starts is stopped. */
  readonly released?: TeardownScope;
  readonly preview?: Preview;
  /** Missing where nothing watches. */
  readonly unnoticedMs?: Ms;
}

/** What `relpipe plan` says about a plan. */
export interface PlanDescription {
  readonly steps: readonly StepDescription[];
  /** The first step that cannot be taken back. */
  readonly pointOfNoReturn?: StepKey;
  readonly leastMs: Ms;
  /** Holds whose length only the run knows. */
  readonly holdsOfUnknownLength: readonly StepKey[];
  /** The longest time for which a breach could go unnoticed while somebody looks, and while the run is parked. */
  readonly unnoticedMs?: Ms;
  readonly unnoticedParkedMs?: Ms;
  /** Types of the reporters that are told of the run. */
  readonly reporters: readonly string[];
  readonly unchecked: PlanCheck['unchecked'];
}

/** What a plan would do, how it is undone, and what it risks. `check` comes from `verifyPlan`. */
export function describePlan(plan: Plan, check: PlanCheck): PlanDescription {
  const groups = new Map(plan.groups.map((group) => [group.key, group]));
  const steps = plan.steps.filter(({ phase }) => phase !== 'teardown').map((step) => describeStep(plan, groups, step, check));
  const { ms, unknown } = leastDuration(plan);
  const turningPoint = steps.find(({ undone, isNever }) => undone === 'impossible' && !isNever);
  const watched = plan.steps.flatMap((step) => {
    const unnoticedMs = unnoticedFor(plan, step);
    return unnoticedMs === undefined ? [] : [{ unnoticedMs, parkedMs: unnoticedMs + step.maxBlindMs }];
  });
  return {
    steps,
    leastMs: ms,
    holdsOfUnknownLength: unknown.map(({ key }) => key),
    reporters: (plan.reporters ?? []).map(({ uses }) => uses),
    unchecked: check.unchecked,
    ...(turningPoint && { pointOfNoReturn: turningPoint.key }),
    ...(watched.length > 0 && {
      unnoticedMs: Math.max(...watched.map(({ unnoticedMs }) => unnoticedMs)),
      unnoticedParkedMs: Math.max(...watched.map(({ parkedMs }) => parkedMs)),
    }),
  };
}

function describeStep(plan: Plan, groups: ReadonlyMap<string, Group>, step: PlanStep, check: PlanCheck): StepDescription {
  const around = [...ancestors(groups, step.group)];
  const preview = check.previews.get(step.key);
  const unnoticedMs = unnoticedFor(plan, step);
  return {
    key: step.key,
    title: step.title,
    act: step.act.act,
    phase: step.phase,
    isNever: [step, ...around].some(isNever),
    undone: undoneHow(step, around),
    ...(step.teardown && { released: step.teardown }),
    ...(preview && { preview }),
    ...(unnoticedMs !== undefined && { unnoticedMs }),
  };
}

function undoneHow({ rollback: undo }: PlanStep, around: readonly Group[]): UndoneHow {
  if (undo === 'impossible') return 'impossible';
  if (typeof undo === 'object' || around.some((group) => group.rollback)) return 'by-steps';
  if (undo === 'automatic') return 'by-itself';
  if (undo === 'assisted') return 'with-help';
  return undo === 'nothing' ? 'needless' : 'not-at-all';
}
