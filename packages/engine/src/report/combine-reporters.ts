import { messageOf } from '../util/phrases.ts';
import type { Reporter, RunEvent } from './events/run-event.ts';

/**
 * Hands every event to every reader. One that fails gets no more events, and `complain` is called once; the run and the other
 * readers never notice.
 */
export function combineReporters(readers: readonly Reporter[], complain: (sentence: string) => void): Reporter {
  const guarded = readers.map((reader) => new GuardedReporter(reader, complain));
  return {
    onEvent: (event) => guarded.forEach((reader) => reader.onEvent(event)),
    onHistory: (event) => guarded.forEach((reader) => reader.onHistory(event)),
    async close() {
      await Promise.all(guarded.map((reader) => reader.close()));
    },
  };
}

class GuardedReporter implements Reporter {
  readonly #reader: Reporter;
  readonly #complain: (sentence: string) => void;
  #hasFailed = false;

  constructor(reader: Reporter, complain: (sentence: string) => void) {
    this.#reader = reader;
    this.#complain = complain;
  }

  onEvent(event: RunEvent): void {
    this.#guard(() => this.#reader.onEvent(event));
  }

  onHistory(event: RunEvent): void {
    this.#guard(() => this.#reader.onHistory(event));
  }

  /** Also one that has failed: what it holds open is closed. */
  async close(): Promise<void> {
    try {
      await this.#reader.close();
    } catch (error) {
      this.#fail(error);
    }
  }

  #guard(act: () => void): void {
    if (this.#hasFailed) return;
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#complain(`A report failed (${messageOf(error)}); the run continues.`);
  }
}
