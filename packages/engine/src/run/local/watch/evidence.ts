import { createHash } from 'node:crypto';
import type { Fact } from '../../core/fact.ts';
import type { OpKey, WatchOp } from '../../core/operation.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import { writeJson } from '../../../util/write-json.ts';

/** Names the measurements that a verdict rests on. */
export interface EvidenceLink {
  /** How many of its watch, in the order in which they were recorded. */
  readonly records: number;
  /** SHA-256 (hex) over the previous link's evidence and the measurements since then; the first one follows the op's key and start. */
  readonly evidence: string;
}

/**
 * Ties each verdict of a watch to the one before it and to the measurements in between, so that a store may thin what is older than a
 * verdict, and a watch that is taken up needs no old measurement to continue.
 */
export class Evidence {
  #previous: EvidenceLink;
  #hash: ReturnType<typeof createHash>;
  #added = 0;

  /** `previous`: of the last verdict that is recorded of this watch. */
  constructor({ key, from }: Pick<WatchOp, 'key' | 'from'>, previous?: EvidenceLink) {
    this.#previous = previous ?? { records: 0, evidence: createHash('sha256').update(writeJson([key, from])).digest('hex') };
    this.#hash = createHash('sha256').update(this.#previous.evidence);
  }

  /** Adds measurements in the order in which they were recorded. */
  add(records: readonly MeasurementRecord[]): void {
    for (const record of records) this.#hash.update(`${canonical(record)}\n`);
    this.#added += records.length;
  }

  /** Closes a link over everything that was added since the last one. */
  link(): EvidenceLink {
    this.#previous = { records: this.#previous.records + this.#added, evidence: this.#hash.digest('hex') };
    this.#hash = createHash('sha256').update(this.#previous.evidence);
    this.#added = 0;
    return this.#previous;
  }
}

/** A list in a fixed order, so that what was read back from the store hashes as what was written. */
const canonical = (one: MeasurementRecord): string =>
  writeJson([
    one.step,
    one.gate,
    one.metric,
    one.side,
    one.at,
    one.value,
    one.samples ?? null,
    one.series ?? null,
    one.query,
    one.raw,
    one.warnings,
    one.error ?? null,
    one.isWarmUp ?? false,
    // Only where there is one, so that what was recorded before there was this field hashes as it did.
    ...(one.partial === undefined ? [] : [one.partial]),
  ]);

/** Where the chains of the watches end that the facts leave open. */
export function evidenceIn(facts: readonly Fact[]): ReadonlyMap<OpKey, EvidenceLink> {
  const links = new Map<OpKey, EvidenceLink>();
  for (const fact of facts) {
    if (fact.fact === 'evaluated') links.set(fact.key, fact);
    // A watch that starts again starts a chain of its own.
    if (fact.fact === 'decided') for (const change of fact.changes) if (change.do === 'start') links.delete(change.op.key);
  }
  return links;
}
