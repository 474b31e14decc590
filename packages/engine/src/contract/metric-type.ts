import type { Static, TSchema } from 'typebox';
import type { MeasureContext, ReadContext } from './context.ts';
import type { Finding } from './finding.ts';
import type { Json } from './values.ts';
import type { PlannedConfig } from './later.ts';

/** The units of metrics. A ratio is 0..1, a percent 0..100. */
export const units = [
  'ratio',
  'percent',
  'seconds',
  'milliseconds',
  'bytes',
  'count',
  'per-second',
  'none',
  /** 1 for yes, 0 for no; each 0 is a breach. */
  'yes-no',
] as const;
export type Unit = (typeof units)[number];

/** One measurement. `value` is null when there is no data; NaN stays NaN. */
export interface Measurement {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number | null;
  /** The size of the sample, e.g. the number of requests; for `min-samples`. */
  readonly samples?: number;
  /** The labels of the series, when there are several. */
  readonly series?: string;
  /** The query, with all values filled in. */
  readonly query: string;
  readonly raw: Json;
  readonly warnings: readonly string[];
  /** What the server says is missing from its own answer. Such a sample is inconclusive, unless the metric accepts it with `partial: accept`. */
  readonly partial?: string;
}

/**
 * The period and the moments to measure, in milliseconds since the epoch. The window never starts before the last change of weights. There are
 * several moments when the engine catches up after a pause.
 */
export interface SampleRequest {
  readonly window: { readonly from: number; readonly to: number };
  readonly at: readonly number[];
}

/** What the file says about the values of a metric, so that `verify` can say beforehand what the gate will say about them. */
export interface MetricUse {
  readonly unit: Unit;
  /** How several series become one value; without it they are an error. */
  readonly reduce?: 'sum' | 'avg' | 'min' | 'max';
  /** `accept`: a partial answer counts. */
  readonly partial?: 'inconclusive' | 'accept';
  readonly minSamples?: number;
}

/** A metric type measures and declares its unit; the engine judges the values. Throw a `StepError` when the measurement is not possible. */
export interface MetricType<C extends TSchema = TSchema> {
  /** One sentence that says what it measures. */
  readonly summary: string;
  readonly with: C;
  /** `from-config`: the file declares it with `unit:`. */
  readonly unit: Unit | 'from-config';
  /** Its server stores past values: after a pause it is also asked for the moments that were missed. */
  readonly answersForThePast: boolean;
  /**
   * How far back each value reaches, in milliseconds; undefined for a value of its moment, and for one of everything since the window of the
   * request started. Two values whose windows share time are one breach seen twice.
   */
  window?(config: PlannedConfig<C>): number | undefined;
  /** `false`: its measurements never have `samples`, so that `min-samples` is refused. */
  readonly countsSamples?: boolean;
  /** Read-only, before anything starts; called for the baseline as well. Judge what can be measured now as the gate will. */
  verify?(config: PlannedConfig<C>, context: ReadContext, use: MetricUse): Promise<readonly Finding[]>;
  /** Read-only. Returns one measurement for each moment of `request.at`, and for each series. */
  measure(config: Static<C>, request: SampleRequest, context: MeasureContext): Promise<readonly Measurement[]>;
}

/** Returns its argument unchanged; it exists for the types. */
export const defineMetric = <C extends TSchema>(metric: MetricType<C>): MetricType<C> => metric;
