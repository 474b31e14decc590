import type { PlanGate } from '../../../plan/plan.ts';
import { shorten } from '../../../util/phrases.ts';
import type { FactBody } from '../../core/fact.ts';
import type { WatchOp } from '../../core/operation.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import { maskJson } from '../masking/mask-json.ts';
import type { Mask } from '../masking/mask-secrets.ts';
import { StepLog } from '../tasks/step-log.ts';
import { readContext } from '../tasks/task-context.ts';
import { decodeConfig, type Workplace } from '../tasks/workplace.ts';
import type { EvidenceLink } from './evidence.ts';
import { watchGate, type Watch } from './watch-gate.ts';

/** What a watch needs from the local runtime. */
interface LocalWatchDeps extends Workplace {
  readonly gate: PlanGate;
  /** Its step ends with a conclusive verdict. */
  readonly isAwaited: boolean;
  /** Of the last verdict that a previous process recorded of this watch. */
  readonly lastEvidence?: EvidenceLink;
  readonly onBody: (body: FactBody) => void;
  /** Durable when it resolves. */
  readonly saveMeasurements: (records: readonly MeasurementRecord[]) => Promise<void>;
  /** What this run has measured so far, in the order in which it was recorded. */
  readonly readMeasurements: () => Promise<readonly MeasurementRecord[]>;
  /** The watch itself has failed and ended; so does the driver. */
  readonly onBroken: (error: unknown) => void;
}

/** Watches one gate until it is stopped. */
export type StartWatch = (op: WatchOp, deps: LocalWatchDeps) => Watch;

/** A watch with what the local runtime has: the store, the plugins, and a log of its own in the run's folder. */
export const startLocalWatch: StartWatch = (op, deps) => {
  const { gate, registry, clock, folder, mask, run, onLive } = deps;
  const log = new StepLog(folder.watchFile(op.step, op.gate), mask, () => undefined);
  const watch = watchGate(op, {
    gate,
    isAwaited: deps.isAwaited,
    registry,
    clock,
    readEarlier: deps.readMeasurements,
    ...(deps.lastEvidence !== undefined && { lastEvidence: deps.lastEvidence }),
    decode: (schema, config) => decodeConfig(deps, schema, config),
    contextOf: (signal, memory) => ({ ...readContext(deps, op.key, signal, (line) => log.line(line)), memory }),
    masked: (record) => masking(record, mask),
    async onMeasured(records) {
      await deps.saveMeasurements(records);
      for (const measurement of records) onLive({ run, at: clock.now(), type: 'measured', measurement });
    },
    onBody: deps.onBody,
    onBroken: deps.onBroken,
  });
  return { ...watch, stop: () => watch.stop().finally(() => log.close()) };
};

/** A query, or an answer, may hold a secret; the measurement itself is a number. */
function masking(record: MeasurementRecord, mask: Mask): MeasurementRecord {
  const { query, raw, warnings, partial, error, series } = record;
  const shown = (text: string): string => shorten(mask.text(text));
  return {
    ...record,
    query: mask.text(query),
    raw: maskJson(raw, mask),
    warnings: warnings.map(shown),
    ...(partial !== undefined && { partial: shown(partial) }),
    ...(error !== undefined && { error: shown(error) }),
    ...(series !== undefined && { series: mask.text(series) }),
  };
}
