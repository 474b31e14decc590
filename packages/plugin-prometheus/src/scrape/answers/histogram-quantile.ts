/** Observations at or below an upper bound, over a window. */
export interface Bucket {
  readonly upperBound: number;
  readonly count: number;
}

export interface Quantile {
  /** Null when nothing was observed. */
  readonly value: number | null;
  readonly warnings: readonly string[];
}

/**
 * The quantile (0 < `quantile` <= 1) of a classic histogram, interpolated inside its bucket as `histogram_quantile` does
 * (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile, promql/quantile.go): the lowest
 * bucket begins at 0 when its bound is positive; in the +Inf bucket the highest finite bound is all that is known.
 * `buckets` in rising order, the last one +Inf, and at least one before it.
 */
export function histogramQuantile(quantile: number, buckets: readonly Bucket[]): Quantile {
  const { rising, isForced } = neverFalling(buckets);
  const warnings = isForced ? ['The buckets do not rise with their bounds, so the quantile is approximate.'] : [];
  const total = rising.at(-1)?.count ?? 0;
  if (rising.some(({ count }) => Number.isNaN(count))) return { value: Number.NaN, warnings };
  if (total === 0) return { value: null, warnings: ['Nothing was observed in this window.'] };
  const at = rising.findIndex(({ count }) => count >= quantile * total);
  const [bucket, below] = [rising[at], rising[at - 1]];
  if (bucket?.upperBound === Infinity) return beyond(below?.upperBound ?? Number.NaN, warnings);
  return { value: interpolate(quantile * total, bucket, below), warnings };
}

const beyond = (highest: number, warnings: readonly string[]): Quantile => ({
  value: highest,
  warnings: [...warnings, `The quantile lies above the highest bucket of ${highest}: it is at least that.`],
});

function interpolate(rank: number, bucket: Bucket | undefined, below: Bucket | undefined): number {
  if (!bucket) return Number.NaN;
  if (!below && bucket.upperBound <= 0) return bucket.upperBound;
  const [start, before] = [below?.upperBound ?? 0, below?.count ?? 0];
  return start + (bucket.upperBound - start) * ((rank - before) / (bucket.count - before));
}

/** Bounds are cumulative, so a fall means that the target contradicts itself: the envelope is what Prometheus takes, too. */
function neverFalling(buckets: readonly Bucket[]): { rising: readonly Bucket[]; isForced: boolean } {
  let highest = 0;
  const rising = buckets.map(({ upperBound, count }) => {
    highest = count < highest ? highest : count;
    return { upperBound, count: highest };
  });
  return {
    rising,
    isForced: rising.some(({ count }, index) => count !== buckets[index]?.count && !Number.isNaN(count)),
  };
}
