import type { GroupKey, Plan, StepKey } from './plan.ts';

/** What to do when this step or group fails: its own runbook, or the nearest one around it. */
export function runbookFor({ steps, groups, runbook }: Plan, key: StepKey | GroupKey): string | undefined {
  const step = steps.find((one) => one.key === key);
  if (step?.runbook !== undefined) return step.runbook;
  const byKey = new Map(groups.map((group) => [group.key, group]));
  for (let group = byKey.get(step?.group ?? key); group; group = group.parent === undefined ? undefined : byKey.get(group.parent)) {
    if (group.runbook !== undefined) return group.runbook;
  }
  return runbook;
}
