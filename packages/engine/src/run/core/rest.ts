import type { Direction } from '../../contract/index.ts';
import type { Wait } from '../runtime.ts';
import type { Begun, Rest } from './decision.ts';
import { Draft } from './draft.ts';
import type { AskOp, Op, WatchOp } from './op.ts';
import { outcomeOf } from './outcome-of.ts';
import { releaseWhatIsLeft } from './releases.ts';
import type { GateLook, StepState } from './node.ts';
import { nodeOf, stepOf, type RunState } from './run-state.ts';
import { isIrreversible } from './undo-units.ts';
import { leftStanding } from './way-back.ts';

/** Nothing is to be begun: the run turns, is over, is frozen, or waits. */
export function rest(state: RunState): Begun | Rest {
  if (state.openTasks > 0) return waiting({ asks: [], mayPark: false });
  switch (state.going) {
    case 'forward':
      return state.groups.get('')?.at === 'settled' ? turn('finally', 'every stage has ended') : waitFor(state);
    case 'stopping':
      return state.running.size === 0 ? turn('finally', state.because ?? 'stopped') : waitFor(state);
    case 'frozen':
      return isBusy(state) ? waitFor(state) : { rest: 'frozen', because: state.because ?? 'frozen' };
    case 'back':
      return restOnTheWayBack(state);
    case 'finally':
      return state.finallyLeft === 0 && state.releasesLeft.size === 0 ? { rest: 'over', outcome: outcomeOf(state) } : waitFor(state);
  }
}

const turn = (to: Direction, because: string): Begun => ({ fact: 'begun', turn: { to, because } });
const waiting = (wait: Wait): Rest => ({ rest: 'wait', wait });

function restOnTheWayBack(state: RunState): Begun | Rest {
  if (state.running.size > 0 || (state.back?.running ?? 0) > 0) return waitFor(state);
  const irreversible = leftStanding(state).filter(isIrreversible);
  if (irreversible.length === 0) return turn('finally', state.because ?? 'rolled back');
  const draft = new Draft();
  releaseWhatIsLeft(state, draft);
  if (!draft.isEmpty) return draft.begun();
  const names = irreversible.map((step) => step.plan.key).join(', ');
  return { rest: 'frozen', because: `${state.because ?? 'it failed'}; the way back stops at ${names}, which cannot be undone` };
}

/** While frozen, only waits for a person or a gate are left; a pause before the next try is work. */
function isBusy(state: RunState): boolean {
  return openOps(state).some((op) => op.op === 'timer' && (op.why === 'backoff' || op.why === 'grace'));
}

function waitFor(state: RunState): Rest {
  const ops = openOps(state);
  const moments = ops.flatMap((op) => momentsOf(state, op));
  return waiting({
    asks: ops.flatMap((op) => (op.op === 'ask' ? [op.key] : [])),
    mayPark: true,
    ...(moments.length > 0 && { until: Math.min(...moments) }),
  });
}

function momentsOf(state: RunState, op: Op): number[] {
  if (op.op === 'timer') return [op.at];
  return op.op === 'watch' ? [nextLookNeeded(state, op)] : [];
}

/** A watch may be blind only for so long; not at all where its answer is all that is waited for. */
function nextLookNeeded(state: RunState, op: WatchOp): number {
  const step = stepOf(state, op.step);
  const look = step.looks.get(op.gate);
  const isLastLookDue = step.isHoldOver && (look?.until ?? 0) < (op.until ?? 0);
  if (step.plan.act.act === 'gate' || isLastLookDue) return state.now;
  return state.now + (hangsOnNextLook(step, look) ? (state.plan.gates[op.gate]?.everyMs ?? 0) : step.plan.maxBlindMs);
}

/** A breach may become a failure, or a hold that is over may end: nobody looks away for longer than from one look to the next. */
const hangsOnNextLook = ({ isHoldOver }: StepState, look: GateLook | undefined): boolean =>
  isHoldOver || (look?.verdict === 'warn' && !look.conclusive);

/** What people are asked now. */
export const openAsks = (state: RunState): AskOp[] => openOps(state).filter((op) => op.op === 'ask');

function openOps(state: RunState): Op[] {
  const undone = [...(state.back?.undos.keys() ?? [])].map((key) => nodeOf(state, key));
  return [...new Set([...state.running, ...undone])].flatMap(({ open }) => [...open.values()]);
}
