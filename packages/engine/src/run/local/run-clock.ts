import type { Ms } from '../../model/ms.ts';
import type { Fact } from '../core/fact.ts';
import type { Clock } from './clock.ts';

/**
 * The clock of one run in this process. Between processes time is that of the machine. Where that is behind what is recorded, because it was set
 * back, the run continues at its own time: what starts now would otherwise last as much longer.
 */
export class RunClock implements Clock {
  readonly #clock: Clock;
  #ahead: Ms = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  continueFrom(facts: readonly Fact[]): void {
    const last = facts.at(-1)?.at ?? 0;
    const now = this.#clock.now();
    if (now >= last) return;
    const wasSet = facts.reduce((sum, fact) => sum + (fact.fact === 'clock-set' ? fact.byMs : 0), 0);
    this.#ahead = Math.max(-wasSet, last - now);
  }

  now(): Ms {
    return this.#clock.now() + this.#ahead;
  }

  after(ms: Ms, call: () => void, kind?: 'idle'): () => void {
    return this.#clock.after(ms, call, kind);
  }

  takeJump(): Ms {
    return this.#clock.takeJump?.() ?? 0;
  }

  onMachine(at: Ms): Ms {
    const moment = at - this.#ahead;
    return this.#clock.onMachine?.(moment) ?? moment;
  }
}
