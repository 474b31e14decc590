import type { Fact, FactBody } from '../core/fact.ts';
import { linkFact, type ChainHead, type Link } from './journal/fact-chain.ts';
import type { Journal } from './journal/journal.ts';
import type { Lease } from './lease/lease.ts';

/** Stamps facts and makes them durable, under the lease. */
export class RunWriter {
  readonly #journal: Journal;
  readonly #lease: Lease;
  #head: ChainHead;
  #pending: Link[] = [];

  constructor(journal: Journal, lease: Lease, head: ChainHead) {
    this.#journal = journal;
    this.#lease = lease;
    this.#head = head;
  }

  append(body: FactBody, now: number): Fact {
    const link = linkFact(this.#lease.run, this.#head, body, now);
    this.#head = { seq: link.fact.seq, at: link.fact.at, hash: link.hash };
    this.#pending.push(link);
    return link.fact;
  }

  /** Throws `REL_LEASE_LOST`, or what the disk says; then nothing of it is recorded. */
  commit(): void {
    this.#journal.append(this.#lease.run, this.#lease.fence, this.#pending);
    this.#pending = [];
  }
}
