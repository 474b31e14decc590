import type { PlanMetric } from '../../../src/plan/plan.ts';
import { judgeMetric } from '../../../src/run/judge/judge.ts';
import type { Sample, SeriesValue } from '../../../src/run/judge/sample.ts';
import type { Limit } from '../../../src/model/threshold.ts';

export const second = 1_000;
export const minute = 60 * second;
/** 2026-11-20 14:00:00 UTC */
export const start = Date.UTC(2026, 10, 20, 14);
export const period = { from: start, everyMs: 30 * second };

export const absolute = (value: number, text = String(value)): Limit => ({ kind: 'absolute', value, text });
export const relative = (value: number): Limit => ({ kind: 'relative', value, text: `${value > 0 ? '+' : ''}${value * 100}%` });
export const points = (value: number): Limit => ({ kind: 'points', value, text: `${value * 100}pp` });

export const metricOf = (more: Partial<PlanMetric> = {}): PlanMetric => ({
  name: 'error-rate',
  uses: 'test.metric',
  with: {},
  unit: 'ratio',
  threshold: { max: absolute(0.01, '1%'), critical: absolute(0.05, '5%') },
  noData: 'inconclusive',
  shadow: false,
  ...more,
});

/** `null` is an empty sample, a string is why it could not be measured, an object says more. */
export type Said = number | null | string | Partial<Sample>;

const seen = (value: number | null): readonly SeriesValue[] => [{ value }];

export function sampleAt(at: number, said: Said): Sample {
  if (typeof said === 'string') return { at, candidate: [], baseline: [], error: said };
  if (typeof said === 'object' && said !== null) return { at, candidate: [], baseline: [], ...said };
  return { at, candidate: seen(said), baseline: [] };
}

/** A sample every 30 s, the first one interval after the beginning. */
export const samplesOf = (...said: readonly Said[]): readonly Sample[] =>
  said.map((one, i) => sampleAt(start + (i + 1) * period.everyMs, one));

export const judged = (metric: PlanMetric, ...said: readonly Said[]) => judgeMetric(metric, samplesOf(...said), period);
export const verdictOf = (metric: PlanMetric, ...said: readonly Said[]) => judged(metric, ...said).verdict;

/** Candidate and baseline in one sample. */
export const both = (candidate: number | null, baseline: number | null): Partial<Sample> => ({
  candidate: seen(candidate),
  baseline: seen(baseline),
});
