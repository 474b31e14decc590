import type { ChangeOf } from '../change.ts';
import type { DeliveryResult } from '../notice.ts';
import type { NotifyOp, OpKey, TimerOp } from '../operation.ts';
import { deliveryIdOf, type Delivery } from '../state/delivery.ts';
import type { RunState } from '../state/run-state.ts';

/** An attempt to deliver a message starts: the first one opens the delivery. */
export function startSending(state: RunState, op: NotifyOp): void {
  const id = deliveryIdOf(op.key);
  const { channel, notice } = op;
  const delivery = state.deliveries.get(id) ?? { id, channel, notice, since: state.now, attempts: 0, mayHaveArrived: false, isDue: false };
  state.notices = Math.max(state.notices, notice.n);
  state.deliveries.set(id, Object.assign<Delivery, Partial<Delivery>>(delivery, { attempts: op.attempt, sending: op, isDue: false }));
  delete delivery.result;
}

export function startPause(state: RunState, op: TimerOp): void {
  const delivery = state.deliveries.get(deliveryIdOf(op.key));
  if (!delivery) return;
  delivery.pause = op;
  const { result } = delivery;
  delete delivery.result;
  if (result && 'because' in result) state.news.push({ what: 'delivery-delayed', delivery, because: result.because, until: op.at });
}

/** The pause ends early: the next attempt starts at once. */
export function cancelPause(state: RunState, key: OpKey): void {
  delete state.deliveries.get(deliveryIdOf(key))?.pause;
}

export function endDelivery(state: RunState, { delivery: id, end, because }: ChangeOf<'end-delivery'>): void {
  const delivery = state.deliveries.get(id);
  if (!delivery) return;
  state.deliveries.delete(id);
  state.news.push({ what: 'delivery-ended', delivery, end, ...(because !== undefined && { because }) });
}

/** An attempt ended; nothing has been decided on it yet. */
export function attemptAnswered(state: RunState, key: OpKey, result: DeliveryResult): void {
  const delivery = state.deliveries.get(deliveryIdOf(key));
  if (delivery?.sending?.key !== key) return;
  delete delivery.sending;
  delivery.result = result;
  if (result.status === 'unknown' || result.status === 'lost') delivery.mayHaveArrived = true;
}

export function pauseOver(state: RunState, key: OpKey): void {
  const delivery = state.deliveries.get(deliveryIdOf(key));
  if (delivery?.pause?.key !== key) return;
  delete delivery.pause;
  delivery.isDue = true;
}
