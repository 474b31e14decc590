import { comesAfterParent, type GroupState, isGroup, type Node } from './node.ts';
import { ancestorsOf, type RunState } from './run-state.ts';

/** Whether the node is a `finally`, or is in one, as the cells of a matrix and the children of a composite are. */
export function isOfFinally(state: RunState, node: Node): boolean {
  if (!isGroup(node)) return node.plan.phase === 'finally';
  if (node.plan.kind === 'finally') return true;
  for (const { plan } of ancestorsOf(state, node.plan)) if (plan.kind === 'finally') return true;
  return false;
}

/** Whether the `finally` of a group, or of a group inside of it, has not ended. */
export const hasFinallyLeft = (group: GroupState): boolean =>
  (group.finally !== undefined && group.finally.at !== 'finished') || hasInnerFinallyLeft(group);

/** The same for the groups inside of it alone. Only stages and sub-pipelines have a `finally`. */
export const hasInnerFinallyLeft = (group: GroupState): boolean =>
  group.children.some((child) => isGroup(child) && child !== group.finally && hasFinallyLeft(child));

/** Whether a `finally` or a teardown that comes after the group, or after one inside of it, has not ended. */
export const hasEndLeft = (group: GroupState): boolean =>
  group.children.some((child) => isGroup(child) && (comesAfterParent(child) ? child.at !== 'finished' : hasEndLeft(child)));
