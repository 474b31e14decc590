import type { PlanStep } from '../../plan/plan.ts';
import type { Ms } from '../../validate/words.ts';
import type { GroupState } from './node.ts';
import { ancestorsOf, type RunState } from './run-state.ts';

/** A stage's timeout counts the time during which at least one of its tasks runs; holds and approvals are free. */
export function taskBegan(state: RunState, step: PlanStep): void {
  for (const group of limitedGroups(state, step)) {
    if (group.tasks === 0) group.workingSince = state.now;
    group.tasks++;
    state.dirty.add(group.plan.key);
  }
}

export function taskOver(state: RunState, step: PlanStep): void {
  for (const group of limitedGroups(state, step)) {
    group.tasks--;
    if (group.tasks > 0) continue;
    group.workedMs = workedMs(state, group);
    delete group.workingSince;
  }
}

export const workedMs = (state: RunState, group: GroupState): Ms =>
  group.workedMs + (group.workingSince === undefined ? 0 : state.now - group.workingSince);

function* limitedGroups(state: RunState, step: PlanStep): Generator<GroupState> {
  if (step.phase !== 'main') return;
  for (const group of ancestorsOf(state, step)) if (group.plan.timeoutMs !== undefined) yield group;
}
