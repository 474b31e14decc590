import type { TSchema } from 'typebox';
import type { MeasureContext } from '../../../contract/index.ts';
import type { PlanGate } from '../../../plan/plan.ts';
import type { PluginRegistry } from '../../../plugins/registry.ts';
import type { FactBody } from '../../core/fact.ts';
import type { ResolvedValue } from '../../core/operation.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import type { Clock } from '../clock.ts';

/** What a watch needs of its surroundings. */
export interface WatchDeps {
  readonly gate: PlanGate;
  readonly registry: Pick<PluginRegistry, 'metrics'>;
  readonly clock: Clock;
  /** Measurements of this run that a previous process recorded, in the order in which it recorded them. */
  readonly readEarlier: () => Promise<readonly MeasurementRecord[]>;
  /** Quantities become numbers, names of secrets become secrets. Throws when that cannot be done. */
  readonly decode: (schema: TSchema, config: ResolvedValue) => unknown;
  readonly contextOf: (signal: AbortSignal, memory: Map<string, unknown>) => MeasureContext;
  /** Without the secrets that a query, an answer or an error may hold: what is judged is told in its words. */
  readonly masked: (record: MeasurementRecord) => MeasurementRecord;
  /** Awaited before the `judged` fact that rests on them. */
  readonly onMeasured: (records: readonly MeasurementRecord[]) => Promise<void>;
  readonly onBody: (body: FactBody) => void;
  /** The watch itself broke, e.g. because nothing can be recorded any more; it has ended. */
  readonly onBroken: (error: unknown) => void;
}
