import type { ChangeOf } from '../change.ts';
import type { LockOp } from '../operation.ts';
import type { RunState } from '../state/run-state.ts';

export function askForGroup(state: RunState, op: LockOp): void {
  state.locks.set(op.lock, { at: 'asked', asks: (state.locks.get(op.lock)?.asks ?? 0) + 1, op });
}

/** A held group is given back; one that is only asked for is not wanted any more. */
export function returnGroup(state: RunState, { lock }: ChangeOf<'unlock'>): void {
  const held = state.locks.get(lock);
  if (held === undefined) return;
  // A refusal stays: it is why the run has ended.
  if (held.at === 'refused') return;
  if (held.at === 'held') state.news.push({ what: 'group-of-runs-returned', lock });
  held.at = 'returned';
  delete held.holder;
}
