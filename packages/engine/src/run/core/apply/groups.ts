import type { ChangeOf } from '../change.ts';
import { comesAfter, comesAfterParent, type GroupState } from '../state/node.ts';
import { becomeReady, groupOpened, needFinished, needIsOpenAgain, noLongerReady } from '../state/ready.ts';
import { groupOf, type RunState } from '../state/run-state.ts';

export function openGroup(state: RunState, group: GroupState): void {
  group.at = 'open';
  noLongerReady(state, group);
  if (group.plan.parent !== undefined && !comesAfter(group.plan)) groupOf(state, group.plan.parent).running++;
  state.news.push({ what: 'group-opened', group: group.plan.key });
  state.dirty.add(group);
  groupOpened(state, group);
}

export function finishGroup(state: RunState, group: GroupState, { end, because }: ChangeOf<'finish-group'>): void {
  const wasOpen = group.at === 'open';
  const { key, kind, parent } = group.plan;
  Object.assign(group, { at: 'finished', end });
  if (because !== undefined) group.because = because;
  noLongerReady(state, group);
  state.dirty.add(group);
  state.news.push({ what: 'group-ended', group: key });
  if (kind === 'finally') state.finallyLeft--;
  state.teardownsLeft.delete(key);
  needFinished(state, group);
  if (end !== 'skipped' && kind !== 'run' && group.finally?.at === 'waiting') becomeReady(state, group.finally);
  if (parent !== undefined && !comesAfter(group.plan)) childFinished(state, groupOf(state, parent), end === 'cancelled', wasOpen);
}

export function childFinished(state: RunState, group: GroupState, isCancelled: boolean, wasRunning: boolean): void {
  group.unfinished--;
  if (isCancelled) group.hasCancelled = true;
  if (wasRunning) group.running--;
  if (group.unfinished === 0) state.dirty.add(group);
}

export function cancelGroup(state: RunState, group: GroupState, { because, failed, tolerated }: ChangeOf<'cancel-group'>): void {
  group.isCancelled = true;
  group.because ??= because;
  if (failed) group.hasFailed = true;
  if (tolerated) state.isPartial = true;
  state.dirty.add(group);
}

export function reopenAbove(state: RunState, group: GroupState): void {
  group.unfinished++;
  group.running++;
  if (group.at !== 'finished') return;
  group.at = 'open';
  group.hasFailed = false;
  group.hasCancelled = false;
  delete group.end;
  needIsOpenAgain(state, group);
  for (const child of group.children) if (comesAfterParent(child)) noLongerReady(state, child);
  if (group.plan.parent !== undefined) reopenAbove(state, groupOf(state, group.plan.parent));
}
