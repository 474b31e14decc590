import type { WatchedGate } from '../plan.ts';

/** A gate that stands nearer says how its failure is answered. */
export function mergeGates(outer: readonly WatchedGate[], own: readonly WatchedGate[]): readonly WatchedGate[] {
  return [...outer.filter(({ gate }) => !own.some((nearer) => nearer.gate === gate)), ...own];
}
