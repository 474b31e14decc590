import type { Concurrency } from '../../../model/concurrency.ts';
import { mayChangeAnything } from '../../../plan/may-change.ts';
import type { GroupKey } from '../../../plan/plan.ts';
import type { OpKey } from '../operation.ts';
import type { LockState } from './lock-state.ts';
import type { Node, StepState } from './node.ts';
import { unitOf } from './rollback-state.ts';
import { ancestorsOf, type RunState } from './run-state.ts';

/** A group of runs, and the part of the plan that names it: the run, or a stage. */
interface NeededGroup extends Concurrency {
  readonly of: GroupKey;
}

/** The groups that a node needs before anything of it changes anything, the outermost first. A stage that says `none` needs none. */
export function groupsNeeded(state: RunState, node: Node): readonly NeededGroup[] {
  const needed: NeededGroup[] = [];
  for (const { plan } of ancestorsOf(state, node.plan)) {
    if (plan.concurrency === 'none') return needed;
    if (plan.concurrency !== undefined) needed.unshift({ ...plan.concurrency, of: plan.key });
  }
  return needed;
}

/** Whether the step needs its groups before it starts. */
export function needsGroups(state: RunState, { plan }: StepState): boolean {
  return plan.phase === 'main' && mayChangeAnything(plan, [...ancestorsOf(state, plan)].map((group) => group.plan));
}

export const lockWith = (state: RunState, key: OpKey): LockState | undefined =>
  [...state.locks.values()].find(({ at, op }) => op.key === key && (at === 'asked' || at === 'waiting'));

/** Requests that are not granted yet. */
export const openLocks = (state: RunState): readonly LockState[] => [...state.locks.values()].filter(({ at }) => at === 'asked' || at === 'waiting');

/** Whether the step has changed something, and it was not rolled back. What is torn down at the end of its scope does not count. */
export function isInPlace(state: RunState, step: StepState): boolean {
  const { phase, act, rollback, key } = step.plan;
  if (!step.mayHaveActed || phase !== 'main' || act.act !== 'task') return false;
  const unit = unitOf(state, step);
  return (rollback !== 'nothing' || unit !== key) && state.rollback?.units.get(unit)?.at !== 'rolled-back';
}

/** The steps whose changes are in place. */
export const changesInPlace = (state: RunState): readonly StepState[] => [...state.steps.values()].filter((step) => isInPlace(state, step));
