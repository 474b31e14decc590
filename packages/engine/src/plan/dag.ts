import type { Group, GroupKey, Plan, PlanStep, RollbackSteps, StepKey } from './plan.ts';

/** The steps and groups of a plan. */
export interface Dag {
  readonly steps: readonly PlanStep[];
  readonly groups: readonly Group[];
}

/** The group with this key and every group around it, from the inside out. */
export function* ancestors(groups: ReadonlyMap<string, Group>, key: string): Generator<Group> {
  for (let group = groups.get(key); group; group = group.parent === undefined ? undefined : groups.get(group.parent)) yield group;
}

export const groupsByKey = ({ groups }: Pick<Dag, 'groups'>): ReadonlyMap<string, Group> => new Map(groups.map((group) => [group.key, group]));

/** Whether a step or group is known not to run. */
export const isNever = ({ when, leftOut }: PlanStep | Group): boolean => leftOut !== undefined || when?.$expr === 'false';

/** The steps that roll something back as one; none where nothing or its step type does. */
export const rollbackStepsIn = (rollback: RollbackSteps | string | undefined): readonly PlanStep[] =>
  typeof rollback === 'object' ? [...rollback.now, ...(rollback.staged ?? [])] : [];

/** The innermost sub-pipeline around a step, a group or a gate, by its key; undefined for what belongs to the plan's own file. */
export function pipelineAround({ pipelines }: Pick<Plan, 'pipelines'>, key: StepKey | GroupKey): GroupKey | undefined {
  if (pipelines === undefined) return undefined;
  for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
    const around = key.slice(0, end);
    if (Object.hasOwn(pipelines, around)) return around;
  }
  return undefined;
}
