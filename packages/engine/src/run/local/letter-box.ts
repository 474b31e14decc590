import type { Clock } from './clock.ts';
import type { Journal } from './journal/journal.ts';
import { factOfLetter } from './letter.ts';
import type { FactBody } from '../core/fact.ts';

const firstPollMs = 150;
const slowestPollMs = 1_000;
const slowerEachTime = 1.05;

/** Looks for letters from other processes: cheaply, and less and less often while nothing happens. */
export class LetterBox {
  readonly #journal: Journal;
  readonly #run: string;
  readonly #clock: Clock;
  readonly #delivered = new Set<string>();
  #seenVersion: string | undefined;
  #pauseMs = firstPollMs;

  constructor(journal: Journal, run: string, clock: Clock) {
    this.#journal = journal;
    this.#run = run;
    this.#clock = clock;
  }

  /** New letters as facts, each once. */
  take(): readonly FactBody[] {
    if (!this.#hasChanged()) return [];
    const letters = this.#journal.takeLetters(this.#run).filter(({ id }) => !this.#delivered.has(id));
    for (const { id } of letters) this.#delivered.add(id);
    return letters.map(factOfLetter);
  }

  /** Polls until something is there; gives back what stops it. Keeps the process alive: a person may take their time. */
  poll(arrived: (bodies: readonly FactBody[]) => void, failed: (error: unknown) => void): () => void {
    let callOff = (): void => {};
    const look = (): void => {
      try {
        lookOnce();
      } catch (error) {
        failed(error);
      }
    };
    const lookOnce = (): void => {
      const bodies = this.take();
      if (bodies.length > 0) {
        this.#pauseMs = firstPollMs;
        arrived(bodies);
        return;
      }
      this.#pauseMs = Math.min(slowestPollMs, this.#pauseMs * slowerEachTime);
      callOff = this.#clock.after(this.#pauseMs, look);
    };
    callOff = this.#clock.after(this.#pauseMs, look);
    return () => callOff();
  }

  #hasChanged(): boolean {
    const version = this.#journal.lettersVersion();
    const changed = version !== this.#seenVersion;
    this.#seenVersion = version;
    return changed;
  }
}
