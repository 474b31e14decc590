import { StepError } from 'relpipe/plugin';
import { parseNumber, seriesKey } from '../exposition/exposition.ts';
import type { Bucket } from './histogram-quantile.ts';
import type { SeriesIncrease } from './increase.ts';

/**
 * Adds up the buckets of several series of one histogram, lowest bound first, +Inf last.
 * @throws {StepError} `PROMETHEUS_NOT_A_HISTOGRAM`, `PROMETHEUS_BUCKETS_DIFFER`
 */
export function bucketsOf(series: readonly SeriesIncrease[], histogram: string): readonly Bucket[] {
  const counts = new Map<number, number>();
  const bounds = new Map<string, Set<number>>();
  for (const { labels, increase } of series) {
    const bound = boundOf(labels.get('le'), histogram);
    const others = seriesKey(new Map([...labels].filter(([name]) => name !== 'le')));
    counts.set(bound, (counts.get(bound) ?? 0) + increase);
    bounds.set(others, (bounds.get(others) ?? new Set()).add(bound));
  }
  refuseDifferent([...bounds.values()], histogram);
  if (!counts.has(Infinity)) throw notAHistogram(histogram, 'has no +Inf bucket');
  if (counts.size < 2) throw notAHistogram(histogram, 'has only its +Inf bucket, like a native histogram in the text format');
  return [...counts]
    .map(([upperBound, count]) => ({ upperBound, count }))
    .sort((a, b) => (a.upperBound < b.upperBound ? -1 : 1));
}

function boundOf(le: string | undefined, histogram: string): number {
  const bound = parseNumber(le ?? '');
  if (bound === undefined || Number.isNaN(bound)) throw notAHistogram(histogram, 'has a bucket without a bound');
  return bound;
}

const notAHistogram = (histogram: string, why: string) =>
  new StepError('PROMETHEUS_NOT_A_HISTOGRAM', `${histogram} ${why}, so it has no quantiles.`, {
    hint: 'Expose it as a classic histogram with buckets, or use `prometheus.query` with a Prometheus server.',
  });

/** A bucket that only some series have would count only their requests. */
function refuseDifferent(bounds: readonly ReadonlySet<number>[], histogram: string): void {
  const [first = '', ...others] = bounds.map((found) => [...found].sort((a, b) => (a < b ? -1 : 1)).join(' '));
  const other = others.find((found) => found !== first);
  if (other === undefined) return;
  throw new StepError('PROMETHEUS_BUCKETS_DIFFER', `The series of ${histogram} have different buckets: ${first} and ${other}.`, {
    hint: 'Select series with the same buckets, for instance those of one version.',
  });
}
