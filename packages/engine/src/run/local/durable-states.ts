import type { FactBody } from '../core/fact.ts';
import type { OpKey } from '../core/operation.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Tells each `saveState` when its fact is on the disk. States of one op are recorded in the order in which they were saved. */
export class DurableStates {
  readonly #sent = new Map<OpKey, Waiter[]>();
  #appended: Waiter[] = [];

  /** To be called when the body is on its way to the driver. */
  whenDurable(key: OpKey): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiters = this.#sent.get(key) ?? [];
      waiters.push({ resolve, reject });
      this.#sent.set(key, waiters);
    });
  }

  appended(body: FactBody): void {
    if (body.fact !== 'saved') return;
    const waiter = this.#sent.get(body.key)?.shift();
    if (waiter !== undefined) this.#appended.push(waiter);
  }

  committed(): void {
    for (const { resolve } of this.#appended.splice(0)) resolve();
  }

  refused(error: unknown): void {
    for (const { reject } of this.#appended.splice(0)) reject(error);
  }
}
