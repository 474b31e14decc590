import { StepError } from 'relpipe/plugin';
import { parseNumber, seriesKey } from '../exposition/exposition.ts';
import type { SeriesIncrease } from './increase.ts';
import { notAHistogram } from './usable-series.ts';

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

/** A bucket that only some series have would count only their requests. */
function refuseDifferent(bounds: readonly ReadonlySet<number>[], histogram: string): void {
  const [first = '', ...others] = bounds.map((found) => [...found].sort((a, b) => (a < b ? -1 : 1)).join(' '));
  const other = others.find((found) => found !== first);
  if (other === undefined) return;
  throw new StepError('PROMETHEUS_BUCKETS_DIFFER', `The series of ${histogram} have different buckets: ${first} and ${other}.`, {
    hint: 'Select series with the same buckets, for instance those of one version.',
  });
}

/** Observations at or below an upper bound, over a window. */
interface Bucket {
  readonly upperBound: number;
  readonly count: number;
}

interface Quantile {
  /** Null when nothing was observed. */
  readonly value: number | null;
  readonly warnings: readonly string[];
}

/**
 * The quantile (0 < `quantile` <= 1) of a classic histogram, interpolated inside its bucket as `histogram_quantile` does
 * (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile, promql/quantile.go): the lowest
 * bucket starts at 0 when its bound is positive; in the +Inf bucket only the highest finite bound is known.
 * `buckets` are sorted by their bounds, the last one is +Inf, and at least one comes before it.
 */
export function histogramQuantile(quantile: number, buckets: readonly Bucket[]): Quantile {
  const { monotonic, isForced } = forceMonotonic(buckets);
  const warnings = isForced ? ['The counts of the buckets decrease with rising bounds, so the quantile is approximate.'] : [];
  const total = monotonic.at(-1)?.count ?? 0;
  if (monotonic.some(({ count }) => Number.isNaN(count))) return { value: Number.NaN, warnings };
  if (total === 0) return { value: null, warnings: ['There were no observations in this window.'] };
  const at = monotonic.findIndex(({ count }) => count >= quantile * total);
  const [bucket, below] = [monotonic[at], monotonic[at - 1]];
  if (bucket?.upperBound === Infinity) return aboveHighest(below?.upperBound ?? Number.NaN, warnings);
  return { value: interpolate(quantile * total, bucket, below), warnings };
}

const aboveHighest = (highest: number, warnings: readonly string[]): Quantile => ({
  value: highest,
  warnings: [...warnings, `The quantile is above the highest finite bucket bound, ${highest}: it is at least that.`],
});

function interpolate(rank: number, bucket: Bucket | undefined, below: Bucket | undefined): number {
  if (!bucket) return Number.NaN;
  if (!below && bucket.upperBound <= 0) return bucket.upperBound;
  const [start, before] = [below?.upperBound ?? 0, below?.count ?? 0];
  return start + (bucket.upperBound - start) * ((rank - before) / (bucket.count - before));
}

/** Counts are cumulative, so a decrease means that the target contradicts itself: Prometheus, too, uses the maximum so far. */
function forceMonotonic(buckets: readonly Bucket[]): { monotonic: readonly Bucket[]; isForced: boolean } {
  let highest = 0;
  const monotonic = buckets.map(({ upperBound, count }) => {
    highest = count < highest ? highest : count;
    return { upperBound, count: highest };
  });
  return {
    monotonic,
    isForced: monotonic.some(({ count }, index) => count !== buckets[index]?.count && !Number.isNaN(count)),
  };
}
