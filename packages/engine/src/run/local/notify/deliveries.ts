import { readStepError } from '../../../errors/read-step-error.ts';
import { messageOf, shorten } from '../../../util/phrases.ts';
import { timeLimit } from '../../../util/time-limit.ts';
import type { FactBody } from '../../core/fact.ts';
import type { DeliveryResult } from '../../core/notice.ts';
import type { NotifyOp } from '../../core/operation.ts';
import type { Mask } from '../masking/mask-secrets.ts';
import { notifyWithinMs } from '../timeouts.ts';

/** Tells one channel once. Rejects when it could not. */
export type Tell = (op: NotifyOp, signal: AbortSignal) => Promise<void>;

/**
 * The messages that this process is sending. Those of one channel are sent one after the other, in the order of their events; each
 * attempt ends in time, also where the channel does not.
 */
export class Deliveries {
  readonly #tell: Tell;
  readonly #mask: Mask;
  readonly #onBody: (body: FactBody) => void;
  readonly #abandoned = new AbortController();
  readonly #queues = new Map<number, Promise<unknown>>();
  readonly #open = new Set<Promise<void>>();

  constructor(tell: Tell, mask: Mask, onBody: (body: FactBody) => void) {
    this.#tell = tell;
    this.#mask = mask;
    this.#onBody = onBody;
  }

  start(op: NotifyOp): void {
    const before = this.#queues.get(op.channel) ?? Promise.resolve();
    const attempt = this.#attempt(op, before);
    this.#queues.set(op.channel, attempt);
    const open = attempt.then((result) => this.#onBody({ fact: 'notified', key: op.key, result })).finally(() => this.#open.delete(open));
    this.#open.add(open);
  }

  /** The process that was sending it is gone: nobody knows whether it arrived. */
  takeUp({ key }: NotifyOp): void {
    this.#onBody({ fact: 'notified', key, result: { status: 'lost' } });
  }

  async whenDone(): Promise<void> {
    await Promise.all(this.#open);
  }

  /** Ends what is being sent; these attempts stay open in the record. */
  abandon(): void {
    this.#abandoned.abort();
  }

  /** One that had to wait until its time was over was not sent. */
  async #attempt(op: NotifyOp, before: Promise<unknown>): Promise<DeliveryResult> {
    const limit = timeLimit(notifyWithinMs);
    try {
      const late = await Promise.race([before.then(() => undefined), limit.isOver]);
      if (late !== undefined) return { status: 'failed', because: 'a previous message takes too long', retryable: true };
      return await Promise.race([this.#send(op, limit.signal), limit.isOver.then((because) => ({ status: 'unknown', because }) as const)]);
    } finally {
      limit.callOff();
    }
  }

  async #send(op: NotifyOp, signal: AbortSignal): Promise<DeliveryResult> {
    try {
      await this.#tell(op, AbortSignal.any([signal, this.#abandoned.signal]));
      return { status: 'delivered' };
    } catch (error) {
      const known = readStepError(error);
      if (known === undefined) return { status: 'unknown', because: this.#shown(messageOf(error)) };
      return { status: 'failed', because: this.#shown(`${known.code}: ${known.message}`), retryable: known.retryable };
    }
  }

  /** Masked first: a secret that is cut in two would not be found. */
  #shown(text: string): string {
    return shorten(this.#mask.text(text));
  }
}
