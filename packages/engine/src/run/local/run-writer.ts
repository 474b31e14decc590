import type { Fact, FactBody } from '../core/fact.ts';
import type { MeasurementRecord } from '../measurement-record.ts';
import { linkFact, type ChainHead, type Link } from '../store/fact-chain.ts';
import type { Lease, RunStore, RunSummary } from '../store/run-store.ts';

/** Stamps facts and makes what one driver records durable, under its lease. */
export class RunWriter {
  readonly #store: Pick<RunStore, 'commit'>;
  readonly #lease: Lease;
  #head: ChainHead;
  #pending: Link[] = [];

  constructor(store: Pick<RunStore, 'commit'>, lease: Lease, head: ChainHead) {
    this.#store = store;
    this.#lease = lease;
    this.#head = head;
  }

  append(body: FactBody, now: number): Fact {
    const link = linkFact(this.#lease.run, this.#head, body, now);
    this.#head = { seq: link.fact.seq, at: link.fact.at, hash: link.hash };
    this.#pending.push(link);
    return link.fact;
  }

  /** Rejects with `REL_LEASE_LOST`, or what the disk says; then nothing of it is recorded. */
  async commit(): Promise<void> {
    const facts = this.#pending;
    if (facts.length === 0) return;
    await this.#commit({ facts });
    this.#pending = this.#pending.slice(facts.length);
  }

  /** Durable when it resolves. */
  async saveMeasurements(measurements: readonly MeasurementRecord[]): Promise<void> {
    await this.#commit({ measurements });
  }

  /** What lists of runs show of this one. */
  async summarise(summary: RunSummary): Promise<void> {
    await this.#commit({ summary });
  }

  #commit(batch: object): Promise<void> {
    return this.#store.commit({ run: this.#lease.run, fence: this.#lease.fence, ...batch });
  }
}
