export interface Sample {
  readonly at: number;
  readonly value: number;
}

/**
 * Thins a line for drawing: of each of `buckets` equal stretches of time the first, lowest, highest and last sample stay, so that no
 * peak is lost. A line with few samples is left as it is.
 */
export function downsample(samples: readonly Sample[], from: number, to: number, buckets: number): readonly Sample[] {
  if (samples.length <= 2 * buckets) return samples;
  const kept = new Map<number, Sample[]>();
  for (const sample of samples) {
    const bucket = Math.floor(((sample.at - from) / (to - from)) * buckets);
    kept.set(bucket, withSample(kept.get(bucket) ?? [], sample));
  }
  return [...kept.values()].flatMap((bucket) => [...new Set(bucket)].sort((a, b) => a.at - b.at));
}

/** `[first, lowest, highest, last]` with one more. */
function withSample([first, low, high]: readonly Sample[], sample: Sample): Sample[] {
  if (first === undefined || low === undefined || high === undefined) return [sample, sample, sample, sample];
  return [first, sample.value < low.value ? sample : low, sample.value > high.value ? sample : high, sample];
}
