import type { DeliveryEnd, NotifyEvent } from '../../../model/notify.ts';
import type { PlanChannel } from '../../../plan/plan.ts';
import type { DeliveryResult, Notice, NoticeBody } from '../notice.ts';
import type { Delivery } from '../state/delivery.ts';
import type { RunState } from '../state/run-state.ts';
import type { Decision, Idle } from './decision.ts';
import { noticesOf } from './notices.ts';
import { pauseMs } from './retry.ts';

/**
 * Tells the channels what was decided, when everything else is decided: no rule about steps knows of a message. A run waits for no channel,
 * except that its process stays until each attempt has ended, and once the run is over a little longer.
 */
export function deliver(decision: Decision, idle: Idle): Idle {
  const { state } = decision;
  if (state.plan.notify === undefined) return idle;
  for (const notice of noticesOf(decision.changes, state)) announce(decision, { ...notice, n: state.notices + 1, at: state.now });
  for (const delivery of [...state.deliveries.values()]) advance(decision, delivery);
  return withDeliveries(decision, idle);
}

function announce(decision: Decision, notice: Notice): void {
  for (const [channel, of] of (decision.state.plan.notify ?? []).entries()) {
    const event = wordFor(notice, of);
    if (event === undefined || !isFrom(notice, of)) continue;
    if (of.document) replaceOlder(decision, channel);
    startSending(decision, channel, { ...notice, event }, 1);
  }
}

/** A channel is notified of an end once, by its own word or as `ended`. */
function wordFor({ event, outcome }: NoticeBody, { events }: PlanChannel): NotifyEvent | undefined {
  if (events.includes(event)) return event;
  return outcome !== undefined && events.includes('ended') ? 'ended' : undefined;
}

/** What is about the whole run comes from no step. */
const isFrom = ({ step }: NoticeBody, { from }: PlanChannel): boolean =>
  from === undefined || (step !== undefined && from.some((key) => step === key || step.startsWith(`${key}/`)));

function startSending(decision: Decision, channel: number, notice: Notice, attempt: number, isRepetition = false): void {
  const key = `!notify.${String(notice.n)}.${String(channel)}.${String(attempt)}`;
  decision.do({ do: 'start', op: { op: 'notify', step: '', key, channel, notice, attempt, ...(isRepetition && { repetition: true }) } });
}

/** A document that could not be brought up to date is sent in its newest state. */
function replaceOlder(decision: Decision, channel: number): void {
  for (const delivery of [...decision.state.deliveries.values()]) {
    if (delivery.channel !== channel || delivery.pause === undefined) continue;
    decision.do({ do: 'cancel', op: delivery.pause.key });
    end(decision, delivery, 'replaced');
  }
}

function advance(decision: Decision, delivery: Delivery): void {
  const { result, pause, isDue } = delivery;
  if (result) return attemptEnded(decision, delivery, result);
  if (isDue) return sendAgain(decision, delivery);
  if (pause === undefined || pause.at <= giveUpAt(decision, delivery)) return;
  // Nobody will be there when the pause is over.
  decision.do({ do: 'cancel', op: pause.key });
  sendAgain(decision, delivery);
}

const sendAgain = (decision: Decision, { channel, notice, attempts, mayHaveArrived }: Delivery): void =>
  startSending(decision, channel, notice, attempts + 1, mayHaveArrived);

function attemptEnded(decision: Decision, delivery: Delivery, result: DeliveryResult): void {
  if (result.status === 'delivered') return end(decision, delivery, 'delivered');
  if (isReplaced(decision.state, delivery)) return end(decision, delivery, 'replaced');
  const because = 'because' in result ? result.because : 'its process ended before the answer was recorded';
  const isWorthwhile = result.status === 'failed' ? result.retryable : mayRepeat(decision.state, delivery);
  const pauseUntil = decision.state.now + (result.status === 'lost' ? 0 : pauseMs(decision.policy.notifyBackoff, delivery.attempts));
  if (!isWorthwhile || pauseUntil > giveUpAt(decision, delivery))
    return end(decision, delivery, delivery.mayHaveArrived ? 'unknown' : 'undelivered', because);
  if (result.status === 'lost') return sendAgain(decision, delivery);
  decision.timer(`!notify-pause.${delivery.id}.${String(delivery.attempts)}`, '', pauseUntil, 'notify');
}

/** Whether a newer state of its document is on its way. */
const isReplaced = ({ plan, deliveries }: RunState, { channel, notice }: Delivery): boolean =>
  plan.notify?.[channel]?.document === true && [...deliveries.values()].some((other) => other.channel === channel && other.notice.n > notice.n);

/** Somebody has to act on these: hearing of one twice is better than never. */
const mustArrive: ReadonlySet<NotifyEvent> = new Set(['waiting', 'late', 'rollback-failed']);

/** Whether a message that may have arrived is sent again. */
function mayRepeat({ plan }: RunState, { channel, notice }: Delivery): boolean {
  const { document, repeatable } = plan.notify?.[channel] ?? {};
  return document === true || repeatable === true || mustArrive.has(notice.event);
}

function giveUpAt({ state, policy }: Decision, { since }: Delivery): number {
  const ofRun = state.endedAt === undefined ? Infinity : state.endedAt + policy.notifyGraceMs;
  return Math.min(since + policy.notifyForMs, ofRun);
}

function end(decision: Decision, { id }: Delivery, how: DeliveryEnd, because?: string): void {
  decision.do({ do: 'end-delivery', delivery: id, end: how, ...(because !== undefined && { because }) });
}

function withDeliveries({ state, policy }: Decision, idle: Idle): Idle {
  const open = [...state.deliveries.values()];
  if (open.length === 0) return idle;
  const pauses = open.flatMap(({ pause }) => (pause ? [pause.at] : []));
  const isNearlyDone = open.some(({ sending, pause, since }) => sending !== undefined || (pause?.at ?? Infinity) <= since + policy.notifyGraceMs);
  if (idle.idle === 'wait') {
    const { wait } = idle;
    return { idle: 'wait', wait: { ...wait, mayPark: wait.mayPark && !isNearlyDone, ...(pauses.length > 0 && { redeliverAt: Math.min(...pauses) }) } };
  }
  return isNearlyDone || idle.idle === 'over' ? { idle: 'wait', wait: { asks: [], mayPark: false } } : idle;
}
