import type { GroupReturn } from '../core/change.ts';
import type { Fact, FactBody } from '../core/fact.ts';
import type { OpKey } from '../core/operation.ts';
import type { MeasurementRecord } from '../measurement-record.ts';
import { linkFact, type ChainHead, type Link } from '../store/fact-chain.ts';
import type { Batch, Lease, RunStore, RunSummary } from '../store/run-store.ts';

/** Stamps facts and makes what one driver records durable, under its lease. Methods reject with `REL_LEASE_LOST` or `REL_JOURNAL_…`. */
export class RunWriter {
  readonly #store: Pick<RunStore, 'commit'>;
  readonly #lease: Pick<Lease, 'run' | 'fence'>;
  #head: ChainHead;
  #pending: Link[] = [];
  /** Of states that were saved and not yet appended. Those of one op are recorded in the order in which they were saved. */
  readonly #saved = new Map<OpKey, PromiseWithResolvers<undefined>[]>();
  /** Of states that are appended and not yet durable. */
  #appended: PromiseWithResolvers<undefined>[] = [];

  constructor(store: Pick<RunStore, 'commit'>, lease: Lease, head: ChainHead) {
    this.#store = store;
    this.#lease = lease;
    this.#head = head;
  }

  append(body: FactBody, now: number): Fact {
    const link = linkFact(this.#lease.run, this.#head, body, now);
    this.#head = { seq: link.fact.seq, at: link.fact.at, hash: link.hash };
    this.#pending.push(link);
    const waiting = body.fact === 'saved' ? this.#saved.get(body.key)?.shift() : undefined;
    if (waiting !== undefined) this.#appended.push(waiting);
    return link.fact;
  }

  /** Resolves when the next `saved` fact of this op is durable. */
  async whenSaved(key: OpKey): Promise<void> {
    const waiting = Promise.withResolvers<undefined>();
    this.#saved.set(key, [...(this.#saved.get(key) ?? []), waiting]);
    await waiting.promise;
  }

  /** Makes everything appended durable, or nothing of it. */
  async commit(): Promise<void> {
    const facts = this.#pending;
    const waiting = this.#appended.splice(0);
    if (facts.length === 0) return;
    try {
      await this.#commit({ facts, returned: facts.flatMap(({ fact }) => returnsIn(fact)) });
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      throw error;
    }
    this.#pending = this.#pending.slice(facts.length);
    for (const { resolve } of waiting) resolve(undefined);
  }

  /** Durable when it resolves. */
  async saveMeasurements(measurements: readonly MeasurementRecord[]): Promise<void> {
    await this.#commit({ measurements });
  }

  /** What lists of runs show of this one. */
  async summarise(summary: RunSummary): Promise<void> {
    await this.#commit({ summary });
  }

  #commit(batch: Omit<Batch, 'run' | 'fence'>): Promise<void> {
    const { run, fence } = this.#lease;
    return this.#store.commit({ run, fence, ...batch });
  }
}

/** Groups of runs are returned in the transaction that records it: a process that is killed leaves none behind. */
const returnsIn = (fact: Fact): readonly GroupReturn[] => (fact.fact === 'decided' ? fact.changes.flatMap((change) => (change.do === 'unlock' ? [change] : [])) : []);
