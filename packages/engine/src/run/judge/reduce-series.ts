import type { PlanMetric } from '../../plan/plan.ts';
import type { Seen } from './metric-look.ts';

/** One value out of what a side showed; or the names of the series, when they are several and nobody said how to reduce them. */
export type Reduced =
  | { readonly value: number | null; readonly samples?: number }
  | { readonly severalSeries: readonly string[] };

export function reduceSeries(seen: readonly Seen[], reduce: PlanMetric['reduce']): Reduced {
  const present = seen.flatMap(({ value, samples, series }) => (value === null ? [] : [{ value, samples, series }]));
  const [first, second] = present;
  if (first === undefined) return { value: null };
  if (second === undefined) return { value: first.value, ...(first.samples !== undefined && { samples: first.samples }) };
  if (reduce === undefined) return { severalSeries: present.map(({ series }, i) => series ?? `series ${i + 1}`) };
  const samples = samplesOf(present.map((one) => one.samples));
  return { value: reducers[reduce](present.map(({ value }) => value)), ...(samples !== undefined && { samples }) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

// Folded, not spread: a query may give more series than a call takes arguments. NaN stays NaN.
const reducers = {
  sum,
  avg: (values: readonly number[]) => sum(values) / values.length,
  min: (values: readonly number[]) => values.reduce((least, value) => Math.min(least, value), Infinity),
  max: (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), -Infinity),
};

/** All of them together; unknown as soon as one series does not say. */
function samplesOf(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === counts.length ? sum(known) : undefined;
}
