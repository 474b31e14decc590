import type { Node } from './node.ts';
import type { Op, OpKey } from './op.ts';
import type { RunState } from './run-state.ts';

/** What has begun and not ended, of one step or group. */
export type OpenOps = ReadonlyMap<OpKey, Op>;

/** A few steps run at once while a hundred thousand wait: these share one map. */
export const nothingOpen: OpenOps = new Map();

export function opened(state: RunState, owner: Node, op: Op): void {
  owner.open = new Map(owner.open).set(op.key, op);
  state.owners.set(op.key, owner);
}

export function closed(state: RunState, owner: Node, key: OpKey): void {
  if (!owner.open.has(key)) return;
  state.owners.delete(key);
  owner.open = owner.open.size === 1 ? nothingOpen : new Map([...owner.open].filter(([other]) => other !== key));
}
