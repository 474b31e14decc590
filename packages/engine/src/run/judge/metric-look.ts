import type { Measurement } from '../../contract/index.ts';
import type { Ms } from '../../model/ms.ts';

/** What one series showed. `value` is null when there was nothing to see; NaN and the infinities are kept as they are. */
export type Seen = Pick<Measurement, 'value' | 'samples' | 'series'>;

/** One look at one metric: both sides at one time, or why a side could not be asked. */
export interface MetricLook {
  readonly at: Ms;
  readonly candidate: readonly Seen[];
  /** Empty where the metric has no baseline. */
  readonly baseline: readonly Seen[];
  readonly error?: string;
  readonly baselineError?: string;
}

/** From when looks count, and how far apart they are meant to be. */
export interface Period {
  readonly from: Ms;
  readonly everyMs: Ms;
}
