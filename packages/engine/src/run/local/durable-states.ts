import type { FactBody } from '../core/fact.ts';
import type { OpKey } from '../core/operation.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Answers each `saveState` when its fact is durable. States of one op are recorded in the order in which they were saved. */
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

  /** Answers what was appended before this call, as the commit ends. */
  async settle(commit: Promise<void>): Promise<void> {
    const waiters = this.#appended.splice(0);
    try {
      await commit;
    } catch (error) {
      for (const { reject } of waiters) reject(error);
      throw error;
    }
    for (const { resolve } of waiters) resolve();
  }
}
