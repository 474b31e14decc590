import type { Ms } from '../../../model/ms.ts';
import type { DeliveryResult, Notice } from '../notice.ts';
import type { NotifyOp, TimerOp } from '../operation.ts';

/** A message on its way to one channel, until it is known how that ended. */
export interface Delivery {
  /** Number of the notice and of the channel: `3.0`. */
  readonly id: string;
  readonly channel: number;
  readonly notice: Notice;
  readonly since: Ms;
  attempts: number;
  /** An attempt so far may have arrived. */
  mayHaveArrived: boolean;
  /** The attempt that is being made. */
  sending?: NotifyOp;
  /** Before the next attempt. */
  pause?: TimerOp;
  /** The pause is over. */
  isDue: boolean;
  /** Of the last attempt, as long as nothing was decided on it. */
  result?: DeliveryResult;
}

/** `3.0` of `!notify.3.0.1` and `!notify-pause.3.0.1`. */
export const deliveryIdOf = (key: string): string => key.split('.').slice(1, 3).join('.');
