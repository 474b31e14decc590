import type { Op, OpKey } from './op.ts';

/** What has begun and not ended, of one step or group. */
export type OpenOps = ReadonlyMap<OpKey, Op>;

/** A few steps run at once while a hundred thousand wait: these share one map. */
export const nothingOpen: OpenOps = new Map();

export const withOpen = (open: OpenOps, op: Op): OpenOps => new Map(open).set(op.key, op);

export function withoutOpen(open: OpenOps, key: OpKey): OpenOps {
  if (!open.has(key)) return open;
  if (open.size === 1) return nothingOpen;
  const rest = new Map(open);
  rest.delete(key);
  return rest;
}
