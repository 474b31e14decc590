import { resolve } from 'node:path';
import { pipelineAround } from '../../../plan/dag.ts';
import type { Plan } from '../../../plan/plan.ts';

/** The folder of the file that a step or a gate is from. `workdir`: that of the plan's own file. */
export function workdirOf(plan: Pick<Plan, 'pipelines'>, workdir: string, key: string): string {
  const pipeline = pipelineAround(plan, key);
  return resolve(workdir, (pipeline === undefined ? undefined : plan.pipelines?.[pipeline]?.folder) ?? '.');
}
