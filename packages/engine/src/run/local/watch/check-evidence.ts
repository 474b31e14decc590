import { relpipeError } from '../../../errors/relpipe-error.ts';
import type { Fact } from '../../core/fact.ts';
import type { OpKey, WatchOp } from '../../core/operation.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import { measurementsOf } from './metric-watch.ts';
import { Evidence } from './evidence.ts';

interface Origin {
  readonly place: string;
  readonly run: string;
  readonly isOver: boolean;
}

interface Chain {
  readonly op: WatchOp;
  readonly measurements: readonly MeasurementRecord[];
  readonly evidence: Evidence;
  /** How many of them the verdicts so far rest on. */
  records: number;
}

/**
 * Compares the evidence of every recorded verdict with the measurements that are there. Throws `REL_JOURNAL_EVIDENCE_BROKEN` for the first
 * verdict that does not follow from them, and `REL_JOURNAL_DAMAGED` for a measurement of no watch. Measurements after the last verdict of a
 * watch are part of none.
 */
export function checkEvidence(origin: Origin, facts: readonly Fact[], measurements: readonly MeasurementRecord[]): void {
  const chains = new Map<OpKey, Chain>();
  const ofWatches = new Set<MeasurementRecord>();
  for (const fact of facts) {
    if (fact.fact === 'decided') {
      for (const change of fact.changes) if (change.do === 'start' && change.op.op === 'watch') startChain(change.op);
    }
    const chain = fact.fact === 'evaluated' ? chains.get(fact.key) : undefined;
    if (fact.fact !== 'evaluated' || chain === undefined) continue;
    chain.evidence.add(chain.measurements.slice(chain.records, fact.records));
    chain.records = fact.records;
    const found = chain.evidence.link();
    if (found.evidence === fact.evidence) continue;
    const { step, gate } = chain.op;
    throw relpipeError('REL_JOURNAL_EVIDENCE_BROKEN', { file: origin.place, run: origin.run, step, gate, seq: fact.seq, missing: fact.records - found.records });
  }
  // A run in progress may have started a watch since its facts were read.
  const until = origin.isOver ? Infinity : (facts.at(-1)?.at ?? 0);
  const stray = measurements.find((one) => one.at < until && !ofWatches.has(one));
  if (stray === undefined) return;
  throw relpipeError('REL_JOURNAL_DAMAGED', { file: origin.place, detail: `no gate of run ${origin.run} has taken the measurement of ${stray.step} that it contains` });

  function startChain(op: WatchOp): void {
    const chain = chainOf(op, measurements);
    chains.set(op.key, chain);
    for (const one of chain.measurements) ofWatches.add(one);
  }
}

const chainOf = (op: WatchOp, measurements: readonly MeasurementRecord[]): Chain => ({
  op,
  measurements: measurementsOf(op, measurements),
  evidence: new Evidence(op),
  records: 0,
});
