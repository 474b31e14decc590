import type { Draft } from './draft.ts';
import type { StepState } from './node.ts';
import type { RunState } from './run-state.ts';

/** How long a task may take to stop when it is asked. */
const graceMs = 30_000;

/** Ends whatever a stopped step has open; a task gets time to stop by itself. */
export function stopStep(state: RunState, step: StepState, draft: Draft): void {
  const { key } = step.plan;
  const ops = [...step.open.values()];
  if (ops.some((op) => op.op === 'timer' && op.why === 'grace')) return;
  if (ops.length === 0) {
    draft.settle.push({ key, end: step.stop?.end ?? 'cancelled', because: step.stop?.because ?? 'stopped' });
    return;
  }
  draft.cancel.push(...step.open.keys());
  if (ops.some((op) => op.op === 'task')) draft.timer(`${key}!grace.1`, key, state.now + graceMs, 'grace');
}
