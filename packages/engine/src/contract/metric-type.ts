import type { Static, TSchema } from 'typebox';
import type { MeasureContext, ReadContext } from './context.ts';
import type { Finding } from './finding.ts';
import type { Json } from './json.ts';
import type { PlannedConfig } from './later.ts';

/** What values of metrics are counted in. A ratio is 0..1, a percent 0..100. */
export const units = [
  'ratio',
  'percent',
  'seconds',
  'milliseconds',
  'bytes',
  'count',
  'per-second',
  'none',
  /** 1 is yes, 0 is no; each no is a breach. */
  'yes-no',
] as const;
export type Unit = (typeof units)[number];

/** One look. `value` is null when there was nothing to see; NaN stays NaN. */
export interface Measurement {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number | null;
  /** How much it rests on, e.g. requests seen; for `min-samples`. */
  readonly samples?: number;
  /** Labels of the series, when there are several. */
  readonly series?: string;
  /** What was asked, with everything filled in. */
  readonly query: string;
  readonly raw: Json;
  readonly warnings: readonly string[];
}

/** When to look, in milliseconds since the epoch: the window never begins before the last weight change; several `at` when the engine catches up. */
export interface SampleRequest {
  readonly window: { readonly from: number; readonly to: number };
  readonly at: readonly number[];
}

/** Measures and says its unit. Judging is the engine's. Throw a `StepError` when it could not ask. */
export interface MetricType<C extends TSchema = TSchema> {
  /** One sentence: what it measures. */
  readonly summary: string;
  readonly with: C;
  /** `from-config`: the file says `unit:` beside the threshold. */
  readonly unit: Unit | 'from-config';
  /** It remembers: after a time in which nobody looked, it is asked for the moments that were missed, too. */
  readonly answersForThePast: boolean;
  /** Read-only, before anything starts. */
  verify?(config: PlannedConfig<C>, context: ReadContext): Promise<readonly Finding[]>;
  /** Read-only. One measurement for each moment of `look.at`, and for each series. */
  measure(config: Static<C>, look: SampleRequest, context: MeasureContext): Promise<readonly Measurement[]>;
}

/** Types a metric type; gives back what it got. */
export const defineMetric = <C extends TSchema>(metric: MetricType<C>): MetricType<C> => metric;
