import { isGroup, type Node } from '../state/node.ts';
import type { Decision } from './decision.ts';

/**
 * Whether a step or group may start now: it has no window, or one of its windows is open. Otherwise the wait for the next opening starts,
 * which is recorded with its moment; `because` is there when none opens within a year.
 */
export function windowOf(decision: Decision, node: Node): { readonly isOpen?: boolean; readonly because?: string } {
  const { state } = decision;
  const { window: names = [], key } = node.plan;
  if (names.length === 0 || node.windowWait?.isSkipped || hasStartedBefore(node)) return { isOpen: true };
  const windows = names.flatMap((name) => state.plan.windows?.[name] ?? []);
  const at = decision.nextOpening(windows, state.now);
  if (at === undefined) return { because: `none of its windows opens within a year: ${names.join(', ')}` };
  if (at <= state.now) return { isOpen: true };
  decision.timer(`${key}!window.${String((node.windowWait?.count ?? 0) + 1)}`, key, at, 'window');
  return {};
}

/** Its window was asked already: an approval that was rejected is asked again at any time. */
const hasStartedBefore = (node: Node): boolean => !isGroup(node) && node.startedAt !== undefined;

/** Nothing starts in this mode. When the run continues, the windows are asked again. */
export function stopWaitingForWindows(decision: Decision): void {
  for (const node of decision.state.awaitingWindow) stopWaiting(decision, node);
}

/** A person starts it although its windows are closed. */
export function startOutsideWindow(decision: Decision, node: Node): void {
  decision.do({ do: 'skip-window', node: node.plan.key });
  stopWaiting(decision, node);
}

function stopWaiting(decision: Decision, node: Node): void {
  for (const op of node.open.keys()) decision.do({ do: 'cancel', op });
}
