import type { Series } from './metric-series.ts';
import type { ThresholdLine } from './threshold-lines.ts';
import { reachOf } from './threshold-lines.ts';

export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** A limit further away than so many times everything else is named at the edge instead of pressing the line flat. */
const farAway = 2.2;

/** What the value axis has to show: every value, and the limits unless they are far away. From zero, except where that hides everything. */
export function valueRange(series: readonly Series[], limits: readonly ThresholdLine[]): ValueRange {
  const values = reachOf({ stretches: series.flatMap(({ stretches }) => stretches) });
  const near = limits.filter(({ name }) => name !== 'critical').map(reachOf);
  const low = Math.min(values.low, ...near.map((reach) => reach.low));
  let high = Math.max(values.high, ...near.map((reach) => reach.high));
  for (const critical of limits.filter(({ name }) => name === 'critical').map(reachOf)) {
    if (!Number.isFinite(high) || critical.high <= high * farAway) high = Math.max(high, critical.high);
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { low: 0, high: 1 };
  return { low: low >= 0 && low < 0.6 * high ? 0 : low, high };
}
