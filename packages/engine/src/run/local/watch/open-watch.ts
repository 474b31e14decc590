import { withoutStable } from '../../../plan/idle-stable.ts';
import type { Plan } from '../../../plan/plan.ts';
import type { FactBody } from '../../core/fact.ts';
import type { OpKey, WatchOp } from '../../core/operation.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import type { RunStore } from '../../store/run-store.ts';
import type { Workplace } from '../tasks/workplace.ts';
import type { EvidenceLink } from './evidence.ts';
import type { StartWatch } from './local-watch.ts';
import type { Watch } from './watch-gate.ts';

/** Where a run is driven, as far as its watches need it. */
interface WatchedRun {
  readonly store: RunStore;
  readonly plan: Plan;
  /** Of the watches that the record leaves open. */
  readonly evidence: ReadonlyMap<OpKey, EvidenceLink>;
  readonly workplace: Workplace;
  readonly startWatch: StartWatch;
}

interface WatchSink {
  readonly onBody: (body: FactBody) => void;
  readonly saveMeasurements: (records: readonly MeasurementRecord[]) => Promise<void>;
  readonly onBroken: (error: unknown) => void;
}

/** Watches a gate for a step of a run. `isTakenUp`: a previous process watched before. */
export function openWatch(op: WatchOp, isTakenUp: boolean, { store, plan, evidence, workplace, startWatch }: WatchedRun, sink: WatchSink): Watch {
  const gate = plan.gates[op.gate];
  const step = plan.steps.find(({ key }) => key === op.step);
  if (gate === undefined) throw new TypeError(`the plan has no gate ${op.gate}`);
  const lastEvidence = isTakenUp ? evidence.get(op.key) : undefined;
  return startWatch(op, {
    ...workplace,
    workdir: workplace.workdirOf(op.gate),
    gate: step?.stableIsIdle ? withoutStable(gate) : gate,
    isAwaited: step?.act.act === 'gate',
    ...(lastEvidence !== undefined && { lastEvidence }),
    ...sink,
    readMeasurements: () => store.readMeasurements(workplace.run),
  });
}
