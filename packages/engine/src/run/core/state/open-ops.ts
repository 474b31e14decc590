import { openLocks } from './concurrency.ts';
import { nothingOpen, type Node } from './node.ts';
import type { AskOp, Op, OpKey } from '../operation.ts';
import { nodeOf, type RunState } from './run-state.ts';

export function openOp(state: RunState, owner: Node, op: Op): void {
  owner.open = new Map(owner.open).set(op.key, op);
  state.owners.set(op.key, owner);
}

export function closeOp(state: RunState, owner: Node, key: OpKey): void {
  if (!owner.open.has(key)) return;
  state.owners.delete(key);
  state.awaitingWindow.delete(owner);
  owner.open = owner.open.size === 1 ? nothingOpen : new Map([...owner.open].filter(([other]) => other !== key));
}

/** The operations that have started and not ended, of the run itself and of every node that runs, waits for its window, or is rolled back. */
export function openOps(state: RunState): Op[] {
  const run = state.groups.get('');
  const rolledBack = [...(state.rollback?.units.keys() ?? [])].map((key) => nodeOf(state, key));
  return [...new Set([...state.running, ...rolledBack, ...state.awaitingWindow, ...(run ? [run] : [])])].flatMap(({ open }) => [...open.values()]);
}

/** What a previous process left open: the operations of every step and group, requests for groups of runs, and messages on their way. */
export const opsToTakeUp = (state: RunState): Op[] => [
  ...[...state.steps.values(), ...state.groups.values()].flatMap(({ open }) => [...open.values()]),
  ...openLocks(state).map(({ op }) => op),
  ...[...state.deliveries.values()].flatMap(({ sending, pause }) => sending ?? pause ?? []),
];

/** The open questions to people. */
export const openAsks = (state: RunState): AskOp[] => openOps(state).filter((op) => op.op === 'ask');
