import type { RetryPolicy } from '../../validate/words.ts';
import type { Draft } from './draft.ts';
import type { StepState } from './node.ts';
import type { RunState } from './run-state.ts';
import { taskOp } from './task-op.ts';

const leastWaitMs = 15 * 60_000;

/** Begins what a running step needs next, other than its next try, when no task of it is open. */
export function goOn(state: RunState, step: StepState, draft: Draft): void {
  const { key, retry } = step.plan;
  switch (step.next) {
    case 'probe':
      draft.begin.push(taskOp(state, step, 'probe', step.config ?? null));
      return;
    case 'backoff': {
      const failures = step.failures + step.probeFailures;
      draft.timer(`${key}!backoff.${String(step.attempts)}.${String(step.probes)}`, key, state.now + pauseMs(retry, failures), 'backoff');
      return;
    }
    case 'ask':
      draft.begin.push({
        op: 'ask',
        key: `${key}!ask.${String(step.questions + 1)}`,
        step: key,
        question: 'did-it-happen',
        text: `${step.plan.title} was interrupted, and nobody knows whether it acted`,
        quorum: 1,
        of: [],
        fingerprint: state.plan.fingerprint,
      });
      return;
    case 'wait':
      waitForGates(state, step, draft);
      return;
    case 'run': // begins with the ready ones, when there is room
    case undefined:
      return;
  }
}

/** After the end of a hold its gates get as long again, at least 15 minutes, unless the step has a timeout of its own. */
function waitForGates(state: RunState, step: StepState, draft: Draft): void {
  const { key, timeoutMs } = step.plan;
  const isWaiting = [...step.open.values()].some((op) => op.op === 'timer' && op.why === 'wait');
  if (timeoutMs !== undefined || isWaiting || step.stuck !== undefined) return;
  const holdMs = (step.holdEndsAt ?? state.now) - (step.beganAt ?? state.now);
  draft.timer(`${key}!wait.1`, key, (step.holdEndsAt ?? state.now) + Math.max(holdMs, leastWaitMs), 'wait');
}

/** The n-th pause of a policy, n counted from 1. */
export const pauseMs = (retry: RetryPolicy, n: number): number => Math.min(retry.maxMs, retry.firstMs * 2 ** (n - 1));
