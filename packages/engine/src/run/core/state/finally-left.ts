import { comesAfterParent, type GroupState, isGroup } from './node.ts';

/** Whether the `finally` of a group, or of a group inside of it, has not ended. */
export const hasFinallyLeft = (group: GroupState): boolean =>
  (group.finally !== undefined && group.finally.at !== 'finished') || hasInnerFinallyLeft(group);

/** The same for the groups inside of it alone. Only stages and sub-pipelines have a `finally`. */
export const hasInnerFinallyLeft = (group: GroupState): boolean =>
  group.children.some((child) => isGroup(child) && child !== group.finally && hasFinallyLeft(child));

/** Whether a `finally` or a teardown that comes after the group, or after one inside of it, has not ended. */
export const hasEndLeft = (group: GroupState): boolean =>
  group.children.some((child) => isGroup(child) && (comesAfterParent(child) ? child.at !== 'finished' : hasEndLeft(child)));
