import type { Ms } from '../../model/ms.ts';
import type { PlanGate } from '../../plan/plan.ts';
import type { Op, WatchOp } from './operation.ts';
import type { Evaluation, StepState } from './state/node.ts';
import { openOps } from './state/open-ops.ts';
import { stepOf, type RunState } from './state/run-state.ts';
import { hasSampledUntil } from './decide/gates.ts';

/** When a run that waits has to be woken if its process parks now; undefined where it waits only for people. */
export function wakeUpOf(state: RunState): Ms | undefined {
  const moments = openOps(state).flatMap((op) => momentsOf(state, op));
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** When a paused run has to be woken for its gates, which continue to watch; undefined where nothing is watched. */
export function wakeUpOfPaused(state: RunState): Ms | undefined {
  const moments = openOps(state).flatMap((op) => (op.op === 'watch' ? [nextSampleWhilePaused(state, op)] : []));
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

function nextSampleWhilePaused({ now, plan, steps }: RunState, { step: key, gate }: WatchOp): Ms {
  const step = steps.get(key);
  if (isBreachOpen(step?.evaluations.get(gate))) return now + (plan.gates[gate]?.everyMs ?? 0);
  return now + (step?.plan.wakeEveryMs ?? 0);
}

function momentsOf(state: RunState, op: Op): readonly Ms[] {
  if (op.op === 'timer') return [op.at];
  return op.op === 'watch' ? [nextSampleWhenParked(state, op)] : [];
}

/**
 * After `wakeEveryMs` at the latest, however often the gate samples while a process watches it. Earlier where the next sample is more than one
 * sample among many: it may turn a breach into a failure, fill a window, or be the last one before the time of its step is over.
 */
function nextSampleWhenParked(state: RunState, op: WatchOp): Ms {
  const { now, plan } = state;
  const step = stepOf(state, op.step);
  const evaluation = step.evaluations.get(op.gate);
  const gate = plan.gates[op.gate];
  if (step.isHoldOver && !hasSampledUntil(evaluation, op.until ?? 0)) return now;
  if (isBreachOpen(evaluation)) return now + (gate?.everyMs ?? 0);
  const isAwaited = step.plan.act.act === 'gate' || step.isHoldOver;
  return Math.min(now + step.plan.wakeEveryMs, ...(isAwaited ? beforeItIsTooLate(step, op, gate, now) : []));
}

/** The next sample may turn a breach into a failure. */
const isBreachOpen = (evaluation: Evaluation | undefined): boolean => evaluation?.verdict === 'warn' && !evaluation.conclusive;

function beforeItIsTooLate({ plan, open }: StepState, { from }: WatchOp, gate: PlanGate | undefined, now: Ms): readonly Ms[] {
  const isFullAt = from + longestWindow(gate);
  const deadlines = [...open.values()].flatMap((op) => (op.op === 'timer' && (op.why === 'timeout' || op.why === 'wait') ? [op.at] : []));
  // Halfway, and halfway again: the last samples come close to the deadline.
  return [...(plan.act.act === 'gate' && isFullAt > now ? [isFullAt] : []), ...deadlines.map((at) => now + Math.ceil((at - now) / 2))];
}

const longestWindow = (gate: PlanGate | undefined): Ms =>
  Math.max(0, ...(gate?.metrics ?? []).map(({ threshold }) => Math.max(threshold.forMs ?? 0, threshold.violations?.withinMs ?? 0)));
