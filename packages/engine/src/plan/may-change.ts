import type { OnConflict } from '../model/concurrency.ts';
import { ancestors, groupsByKey, isNever } from './dag.ts';
import type { Group, Plan, PlanStep } from './plan.ts';

/**
 * Whether a step may change anything that stays when it has ended: so a step of which nothing says that there is nothing to roll back, or
 * one that leaves something running. `around`: the groups that contain it.
 */
export const mayChangeAnything = ({ phase, act, rollback, teardown }: PlanStep, around: readonly Group[]): boolean =>
  phase === 'main' && act.act === 'task' && (rollback !== 'nothing' || teardown !== undefined || around.some((group) => group.rollback !== undefined));

/** A group of runs that a plan takes, and the first step that it takes it for. */
export interface TakenGroup {
  readonly group: string;
  readonly onConflict: OnConflict;
  readonly before: string;
  /** Nothing comes before that step: the run starts with taking the group. */
  readonly isTakenAtOnce: boolean;
}

/** The groups of runs that a plan takes with these inputs, in the order of its steps. */
export function groupsTaken(plan: Plan): readonly TakenGroup[] {
  const groups = groupsByKey(plan);
  const taken = new Map<string, TakenGroup>();
  for (const step of plan.steps) {
    const around = [...ancestors(groups, step.group)];
    if (!mayChangeAnything(step, around) || [step, ...around].some(isNever)) continue;
    for (const { concurrency } of concurrencyAround(around)) {
      if (taken.has(concurrency.group)) continue;
      const isTakenAtOnce = [step, ...around].every(({ needs, when }) => needs.length === 0 && (when === undefined || when.$expr === 'true'));
      taken.set(concurrency.group, { ...concurrency, before: step.key, isTakenAtOnce });
    }
  }
  return [...taken.values()];
}

/** From the inside out, up to a stage that says `none`. */
function* concurrencyAround(around: readonly Group[]) {
  for (const { concurrency } of around) {
    if (concurrency === 'none') return;
    if (concurrency !== undefined) yield { concurrency };
  }
}
