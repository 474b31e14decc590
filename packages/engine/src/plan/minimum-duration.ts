import { parseDuration } from '../expressions/quantities/duration.ts';
import type { Ms } from '../model/ms.ts';
import type { Group, Plan, PlanStep } from './plan.ts';

export interface LeastDuration {
  /** Along the slowest way through the plan, work itself not counted. */
  readonly ms: Ms;
  /** Holds whose length only the run knows; they come on top. */
  readonly unknown: readonly PlanStep[];
}

/** How long the holds of a plan make it take at least. */
export function leastDuration(plan: Plan): LeastDuration {
  const groups = new Map(plan.groups.map((group) => [group.key, group]));
  const ends = new Map<string, Ms>();
  const endOf = (key: string): Ms => ends.get(key) ?? 0;
  const unknown: PlanStep[] = [];
  // Steps stand in topological order: whatever a step waits for has its end already.
  for (const step of plan.steps) {
    const around = [...ancestors(groups, step.group)];
    const waitsFor = [...step.needs, ...around.flatMap(({ needs }) => needs)];
    const length = [step, ...around].some(isNever) ? 0 : lengthOf(step);
    if (length === undefined) unknown.push(step);
    const end = Math.max(0, ...waitsFor.map(endOf)) + (length ?? 0);
    ends.set(step.key, end);
    for (const { key } of around) ends.set(key, Math.max(endOf(key), end));
  }
  return { ms: endOf(''), unknown };
}

/** The group with this key, and what it lies in. */
export function* ancestors(groups: ReadonlyMap<string, Group>, key: string): Generator<Group> {
  for (let group = groups.get(key); group; group = group.parent === undefined ? undefined : groups.get(group.parent)) yield group;
}

/** Known not to run. */
export const isNever = ({ when }: PlanStep | Group): boolean => when?.$expr === 'false';

function lengthOf({ act }: PlanStep): Ms | undefined {
  if (act.act !== 'hold') return 0;
  const parsed = typeof act.for === 'string' ? parseDuration(act.for) : undefined;
  return parsed?.ok ? parsed.value : undefined;
}
