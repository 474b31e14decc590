import type { Measurement } from '../../contract/index.ts';
import type { Ms } from '../../model/ms.ts';
import type { PlanMetric } from '../../plan/plan.ts';

/** What one series returned. `value` is null when it has none; NaN and the infinities are kept as they are. */
export type SeriesValue = Pick<Measurement, 'value' | 'samples' | 'series' | 'partial'>;

/** One sample of one metric: both sides at one time, or why a side could not be measured. */
export interface Sample {
  readonly at: Ms;
  readonly candidate: readonly SeriesValue[];
  /** Empty where the metric has no baseline. */
  readonly baseline: readonly SeriesValue[];
  readonly error?: string;
  readonly baselineError?: string;
}

/** From when samples count, and how far apart they are meant to be. */
export interface Period {
  readonly from: Ms;
  readonly everyMs: Ms;
}

/** How long one sample may take: as long as the gate's interval, but never less than 1 s nor more than 60 s. */
export const maximumSampleMs = (everyMs: Ms): Ms => Math.min(Math.max(everyMs, 1_000), 60_000);

/** The longest time between two samples that still counts as watching: one of them came late, or one was missed. */
export const maximumPauseMs = (everyMs: Ms): Ms => 1.5 * everyMs + maximumSampleMs(everyMs);

type Reduced =
  | { readonly value: number | null; readonly samples?: number }
  | { readonly severalSeries: readonly string[] };

/** One value out of the series of a side; or their names, when they are several and the metric has no `reduce`. */
export function reduceSeries(seen: readonly SeriesValue[], reduce: PlanMetric['reduce']): Reduced {
  const present = seen.flatMap(({ value, samples, series }) => (value === null ? [] : [{ value, samples, series }]));
  const [first, second] = present;
  if (first === undefined) return { value: null };
  if (second === undefined) return { value: first.value, ...(first.samples !== undefined && { samples: first.samples }) };
  if (reduce === undefined) return { severalSeries: present.map(({ series }, i) => series ?? `series ${i + 1}`) };
  const samples = samplesOf(present.map((one) => one.samples));
  return { value: reducers[reduce](present.map(({ value }) => value)), ...(samples !== undefined && { samples }) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One value out of several, as `reduce` says. Folded, not spread: a query may return more series than a call takes arguments. NaN stays NaN. */
export const reducers = {
  sum,
  avg: (values: readonly number[]) => sum(values) / values.length,
  min: (values: readonly number[]) => values.reduce((lowest, value) => Math.min(lowest, value), Infinity),
  max: (values: readonly number[]) => values.reduce((highest, value) => Math.max(highest, value), -Infinity),
};

/** All of them together; unknown as soon as that of one series is. */
function samplesOf(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === counts.length ? sum(known) : undefined;
}
