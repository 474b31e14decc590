import { parseDuration } from '../expressions/quantities/duration.ts';
import type { Ms } from '../model/ms.ts';
import { ancestors, groupsByKey, isNever } from './dag.ts';
import type { Plan, PlanStep } from './plan.ts';

export interface MinimumDuration {
  /** Along the longest path through the plan, the work itself not counted. */
  readonly ms: Ms;
  /** Holds whose length is known only during the run; they come on top. */
  readonly unknown: readonly PlanStep[];
}

/** How long a plan takes at minimum because of its holds. */
export function minimumDuration(plan: Plan): MinimumDuration {
  const groups = groupsByKey(plan);
  const ends = new Map<string, Ms>();
  const endOf = (key: string): Ms => ends.get(key) ?? 0;
  const unknown: PlanStep[] = [];
  // Steps are in topological order: whatever a step waits for has its end already.
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

function lengthOf({ act }: PlanStep): Ms | undefined {
  if (act.act !== 'hold') return 0;
  const parsed = typeof act.for === 'string' ? parseDuration(act.for) : undefined;
  return parsed?.ok ? parsed.value : undefined;
}
