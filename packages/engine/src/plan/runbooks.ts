import { allSteps } from '../validate/valid-pipeline.ts';
import { keysOfName } from './keys-of-name.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { GroupKey, Plan, StepKey } from './plan.ts';

/** The runbooks of the file, by the key of what has one; that of the file has the key of the run. */
export function planRunbooks(draft: PlanDraft): Readonly<Record<StepKey | GroupKey, string>> {
  const { pipeline } = draft;
  const named = [...pipeline.stages, ...allSteps(pipeline)].flatMap(({ id, runbook }) =>
    runbook === undefined ? [] : keysOfName(draft, id).map((key) => [key, runbook] as const),
  );
  return Object.fromEntries([...(pipeline.runbook === undefined ? [] : [['', pipeline.runbook] as const]), ...named]);
}

/** What to do when something about this step or group fails: its own runbook, or the nearest one around it. */
export function runbookFor({ runbooks }: Plan, key: StepKey | GroupKey): string | undefined {
  if (runbooks === undefined) return undefined;
  for (let around = key; around !== ''; around = around.slice(0, Math.max(around.lastIndexOf('/'), 0))) {
    if (Object.hasOwn(runbooks, around)) return runbooks[around];
  }
  return runbooks[''];
}
