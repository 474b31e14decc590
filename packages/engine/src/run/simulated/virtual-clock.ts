import type { Ms } from '../../model/ms.ts';
import type { Clock } from '../local/clock.ts';

interface Alarm {
  readonly at: Ms;
  readonly order: number;
  readonly call: () => void;
}

/** A clock that changes only through `advance`. Alarms of the same moment fire in the order in which they were set. */
export class VirtualClock implements Clock {
  #now: Ms;
  #order = 0;
  readonly #alarms = new Set<Alarm>();

  constructor(now: Ms = 0) {
    this.#now = now;
  }

  /** Number of alarms that are set. */
  get alarms(): number {
    return this.#alarms.size;
  }

  now(): Ms {
    return this.#now;
  }

  after(ms: Ms, call: () => void): () => void {
    const alarm = { at: this.#now + Math.max(0, ms), order: this.#order++, call };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Resolves when the time is over; rejects with the signal's reason when it is rolled back before. */
  async sleep(ms: Ms, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const callOff = this.after(ms, () => resolve(undefined));
    const onAbort = (): void => resolve(undefined);
    signal?.addEventListener('abort', onAbort, { once: true });
    await promise;
    callOff();
    signal?.removeEventListener('abort', onAbort);
    signal?.throwIfAborted();
  }

  /** Advances the clock; everything that an alarm triggers is done before the next one fires. */
  async advance(ms: Ms): Promise<void> {
    const to = this.#now + ms;
    await atRest();
    for (let alarm = this.#nextBy(to); alarm; alarm = this.#nextBy(to)) {
      this.#alarms.delete(alarm);
      this.#now = Math.max(this.#now, alarm.at);
      alarm.call();
      await atRest();
    }
    this.#now = to;
  }

  #nextBy(to: Ms): Alarm | undefined {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms)
      if (alarm.at <= to && (next === undefined || alarm.at < next.at || (alarm.at === next.at && alarm.order < next.order))) next = alarm;
    return next;
  }
}

/** Resolves when no microtask is left: an immediate runs after all of them. */
const atRest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
