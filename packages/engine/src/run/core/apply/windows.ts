import type { TimerOp } from '../operation.ts';
import type { Node, WindowWait } from '../state/node.ts';
import { openOp } from '../state/open-ops.ts';
import { nodeOf, type RunState } from '../state/run-state.ts';

/** The wait of a node that has not started. */
export function awaitWindow(state: RunState, op: TimerOp): void {
  const node = nodeOf(state, op.step);
  waitOf(node).count++;
  openOp(state, node, op);
  state.awaitingWindow.add(node);
  state.news.push({ what: 'op-started', op });
}

export const skipWindow = (node: Node): void => void (waitOf(node).isSkipped = true);

const waitOf = (node: Node): WindowWait => (node.windowWait ??= { count: 0, isSkipped: false });
