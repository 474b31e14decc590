import type { MeasurementRecord } from '../../measurement-record.ts';
import { maskJson } from '../mask-json.ts';
import type { Mask } from '../mask-secrets.ts';
import { StepLog } from '../tasks/step-log.ts';
import { readContext } from '../tasks/task-context.ts';
import type { StartWatch } from './watch.ts';
import { watchGate } from './watch-gate.ts';

/** A watch with what the local runtime has: the journal, the plugins, and a log of its own in the run's folder. */
export const startLocalWatch: StartWatch = (op, deps) => {
  const { gate, registry, clock, codec, secrets, folder, mask, run, onLive } = deps;
  const log = new StepLog(folder.watchFile(op.step, op.gate), mask, () => undefined);
  const watch = watchGate(op, {
    gate,
    registry,
    clock,
    readEarlier: deps.readMeasurements,
    decode: (schema, config) => codec.decode(schema, config, secrets),
    contextOf: (signal, memory) => ({ ...readContext(deps, op.key, signal, (line) => log.line(line)), memory }),
    masked: (record) => masking(record, mask),
    onMeasured: async (records) => {
      await deps.saveMeasurements(records);
      for (const measurement of records) onLive({ run, at: clock.now(), type: 'measured', measurement });
    },
    onBody: deps.record,
    onBroken: deps.broke,
  });
  return { caughtUp: watch.caughtUp, stop: () => watch.stop().finally(() => log.close()) };
};

/** A query, or what was answered, may hold a secret; the measurement itself is a number. */
function masking(record: MeasurementRecord, mask: Mask): MeasurementRecord {
  const { query, raw, warnings, error, series } = record;
  return {
    ...record,
    query: mask.text(query),
    raw: maskJson(raw, mask),
    warnings: warnings.map((warning) => mask.text(warning)),
    ...(error !== undefined && { error: mask.text(error) }),
    ...(series !== undefined && { series: mask.text(series) }),
  };
}
