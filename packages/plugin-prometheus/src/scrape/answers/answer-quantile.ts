import { jsonNumber, noData, type Answer } from './answer.ts';
import { bucketsOf } from './buckets-of.ts';
import { growthOf } from './growth.ts';
import { histogramQuantile } from './histogram-quantile.ts';
import type { SeriesIncrease } from './increase.ts';
import type { TargetWindow } from '../targets/target-window.ts';

/** The quantile of all observations of the window, over all matching series and targets together. */
export function answerQuantile(windows: readonly TargetWindow[], quantile: number, histogram: string): Answer {
  const series: SeriesIncrease[] = [];
  for (const window of windows) {
    const growth = growthOf(window, 0);
    if ('unknown' in growth) return noData(growth.unknown);
    series.push(...growth.series.map((found) => seenAt(window.target, found)));
  }
  if (series.length === 0) return { ...noData(`${histogram} has no series yet.`), samples: 0 };
  const buckets = bucketsOf(series, histogram);
  const samples = buckets.at(-1)?.count ?? 0;
  const raw = buckets.map(({ upperBound, count }) => ({ le: jsonNumber(upperBound), increase: jsonNumber(count) }));
  return { ...histogramQuantile(quantile, buckets), samples, raw };
}

/** Marked with its target, so that two targets with different buckets are told apart. */
const seenAt = (target: string, { labels, increase }: SeriesIncrease): SeriesIncrease => ({
  labels: new Map([...labels, ['instance', target]]),
  increase,
});
