import type { FactBody } from '../core/fact.ts';
import type { LockOp, OpKey } from '../core/operation.ts';
import { describeHolder } from '../store/describe-holder.ts';
import { isHeld } from '../store/group-rules.ts';
import type { Lease, RunStore } from '../store/run-store.ts';
import type { Clock } from './clock.ts';

export interface GroupTakerDeps {
  readonly store: RunStore;
  readonly lease: Pick<Lease, 'run' | 'fence'>;
  readonly clock: Clock;
  readonly onBody: (body: FactBody) => void;
  /** The store cannot be asked: it ends the driver. */
  readonly onBroken: (error: unknown) => void;
  /** Rolls back another run; resolves to whether nothing of it is in effect any more. Missing: no run can be superseded. */
  readonly rollBackRun?: (run: string) => Promise<boolean>;
}

/** How often a waiting run looks whether the group was handed to it. */
const lookEveryMs = 1_000;

/** Takes groups of runs for one run. What the store answers arrives as a fact; a run that has to wait hears once of the one that holds it up. */
export class GroupTaker {
  readonly #deps: GroupTakerDeps;
  readonly #callOff = new Map<OpKey, () => void>();
  /** Requests without an answer. */
  readonly #asking = new Set<OpKey>();

  constructor(deps: GroupTakerDeps) {
    this.#deps = deps;
  }

  start(op: LockOp): void {
    this.#callOff.set(op.key, () => undefined);
    this.#asking.add(op.key);
    this.#ask(op).catch(this.#deps.onBroken);
  }

  /** The request is withdrawn; the store hears of it with the facts. */
  cancel(key: OpKey): void {
    this.#callOff.get(key)?.();
    this.#callOff.delete(key);
    this.#asking.delete(key);
  }

  stop(): void {
    for (const key of this.#callOff.keys()) this.cancel(key);
  }

  /** Nothing is left to do but to wait for the group, which another process can do as well. */
  get mayRest(): boolean {
    return this.#asking.size === 0;
  }

  async #ask(op: LockOp, isNotified = false): Promise<void> {
    const { store, lease, onBody } = this.#deps;
    const { key, lock } = op;
    const { run, fence } = lease;
    const answer = await store.takeGroup({ run, fence, group: lock, onConflict: op.onConflict, ...(op.forRollback && { forRollback: true }) });
    if (!this.#callOff.has(key)) return;
    if (answer.is === 'held') {
      this.#end(key, { fact: 'locked', key, lock });
      return;
    }
    const holder = await describeHolder(store, answer.holder);
    if (answer.is === 'refused') {
      this.#end(key, { fact: 'lock-refused', key, lock, holder, because: answer.because });
      return;
    }
    if (!isNotified) onBody({ fact: 'lock-awaited', key, lock, holder });
    if (op.onConflict === 'supersede' && !isNotified && !(await this.#deps.rollBackRun?.(answer.holder))) {
      this.#end(key, { fact: 'lock-refused', key, lock, holder: await describeHolder(store, answer.holder), because: 'held' });
      return;
    }
    this.#asking.delete(key);
    this.#wait(op);
  }

  #end(key: OpKey, body: FactBody): void {
    if (!this.#callOff.has(key)) return;
    this.cancel(key);
    this.#deps.onBody(body);
  }

  #wait(op: LockOp): void {
    if (!this.#callOff.has(op.key)) return;
    const look = async (): Promise<void> => {
      const own = (await this.#deps.store.groups()).find(({ group, run }) => group === op.lock && run === this.#deps.lease.run);
      if (own !== undefined && isHeld(own)) await this.#ask(op, true);
      else this.#wait(op);
    };
    this.#callOff.set(op.key, this.#deps.clock.after(lookEveryMs, () => void look().catch(this.#deps.onBroken)));
  }
}
