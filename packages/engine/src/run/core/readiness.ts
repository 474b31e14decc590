import { aboveOf, isGroup, isLater, type GroupState, type Node, type StepState } from './node.ts';
import type { RunState } from './run-state.ts';

/** Puts a node whose needs are met where `decide` finds it. */
export function becomeReady(state: RunState, node: Node): void {
  if (isTask(node)) state.readyTasks.add(node);
  else state.ready.add(node);
}

export function noLongerReady(state: RunState, node: Node): void {
  if (isTask(node)) state.readyTasks.delete(node);
  else state.ready.delete(node);
}

const isTask = (node: Node): node is StepState => !isGroup(node) && node.plan.act.act === 'task';

/** A running step is to be tried: like a first try, when there is room. */
export function becomeNext(state: RunState, step: StepState, next: NonNullable<StepState['next']>): void {
  step.next = next;
  state.dirty.add(step);
  if (next === 'run') state.readyTasks.add(step);
}

/** A need has settled: whoever waited only for it is ready, if its group is open. */
export function needSettled(state: RunState, { dependents = [] }: Node): void {
  for (const node of dependents) {
    node.needsLeft--;
    if (node.needsLeft === 0 && node.at === 'waiting' && isInOpenGroup(state, node)) becomeReady(state, node);
  }
}

/** A need that had settled is open again: nobody who has not begun goes on without it. */
export function needIsOpenAgain(state: RunState, { dependents = [] }: Node): void {
  for (const node of dependents) {
    node.needsLeft++;
    noLongerReady(state, node);
  }
}

/** A group has opened: its children that need nothing else are ready. */
export function groupOpened(state: RunState, group: GroupState): void {
  for (const node of group.children) {
    if (node.needsLeft === 0 && node.at === 'waiting' && !isLater(node)) becomeReady(state, node);
  }
}

function isInOpenGroup(state: RunState, node: Node): boolean {
  if (!isGroup(node) && node.plan.phase === 'undo') return true;
  const above = aboveOf(node);
  return above !== undefined && state.groups.get(above)?.at === 'open';
}
