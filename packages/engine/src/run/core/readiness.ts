import type { GroupState, RunState, StepState } from './run-state.ts';
import { comesAfter } from './run-state.ts';

/** Puts a node whose needs are met where `decide` finds it. */
export function becomeReady(state: RunState, key: string): void {
  const step = state.steps.get(key);
  if (step?.plan.act.act === 'task') state.readyTasks.add(key);
  else state.ready.add(key);
}

export function noLongerReady(state: RunState, key: string): void {
  state.readyTasks.delete(key);
  state.ready.delete(key);
}

/** A running step is to be tried: like a first try, when there is room. */
export function becomeNext(state: RunState, step: StepState, next: NonNullable<StepState['next']>): void {
  step.next = next;
  state.dirty.add(step.plan.key);
  if (next === 'run') state.readyTasks.add(step.plan.key);
}

/** A need has settled: whoever waited only for it is ready, if its group is open. */
export function needSettled(state: RunState, key: string): void {
  for (const dependent of state.dependents.get(key) ?? []) {
    const node = nodeOf(state, dependent);
    node.needsLeft--;
    if (node.needsLeft === 0 && node.at === 'waiting' && isInOpenGroup(state, node)) becomeReady(state, dependent);
  }
}

/** A group has opened: its children that need nothing else are ready. */
export function groupOpened(state: RunState, group: GroupState): void {
  for (const child of group.children) {
    const node = nodeOf(state, child);
    const isLater = 'kind' in node.plan && comesAfter(node.plan);
    if (node.needsLeft === 0 && node.at === 'waiting' && !isLater) becomeReady(state, child);
  }
}

function isInOpenGroup(state: RunState, node: StepState | GroupState): boolean {
  if ('phase' in node.plan) return node.plan.phase === 'undo' || state.groups.get(node.plan.group)?.at === 'open';
  return node.plan.parent !== undefined && state.groups.get(node.plan.parent)?.at === 'open';
}

function nodeOf(state: RunState, key: string): StepState | GroupState {
  const node = state.steps.get(key) ?? state.groups.get(key);
  if (node === undefined) throw new Error(`the plan has no ${key}`);
  return node;
}
