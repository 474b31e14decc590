import type { Ms } from '../../model/ms.ts';
import type { Wait } from '../runtime.ts';
import type { Clock } from './clock.ts';

interface Parking {
  /** Park when the next wake-up is further away. */
  readonly parkAfterMs: Ms;
  readonly now: Ms;
  /** When the process last started something for the run. */
  readonly actedAt: Ms;
}

/** From when on the process parks in this wait: a wait that the next sample may end is worth as much time as any other. */
export function parkFrom({ mayPark, until = Infinity, parkedUntil = until }: Wait, { parkAfterMs, now, actedAt }: Parking): Ms {
  const isFar = (at: Ms): boolean => at - now > parkAfterMs;
  if (!mayPark || !isFar(parkedUntil)) return Infinity;
  return isFar(until) ? now : actedAt + parkAfterMs;
}

/**
 * By the clock of the machine, which a schedule that wakes the run reads. A run that waits for a person is woken as well for a message that did
 * not arrive: it may be the one that asks.
 */
export function wakeUpOf({ until, parkedUntil = until, redeliverAt }: Wait, clock: Clock): { readonly wakeAt?: Ms } {
  const moments = [parkedUntil, redeliverAt].filter((at) => at !== undefined);
  if (moments.length === 0) return {};
  const wakeAt = Math.min(...moments);
  return { wakeAt: clock.onMachine?.(wakeAt) ?? wakeAt };
}
