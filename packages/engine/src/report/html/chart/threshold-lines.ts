import type { PlanMetric } from '../../../plan/plan.ts';
import type { Limit } from '../../../model/threshold.ts';
import type { Stretch } from './metric-series.ts';

type LimitName = 'warn' | 'max' | 'min' | 'critical';

/** A limit as it is drawn: level where it is absolute, following the baseline where it is relative to it. */
export interface ThresholdLine {
  readonly name: LimitName;
  readonly text: string;
  readonly level?: number;
  readonly stretches: readonly Stretch[];
}

const names: readonly LimitName[] = ['warn', 'max', 'min', 'critical'];

/** The limits of a metric; `baseline` holds the stretches of the other side. */
export const thresholdLines = ({ threshold }: PlanMetric, baseline: readonly Stretch[]): readonly ThresholdLine[] =>
  names.flatMap((name) => {
    const limit = threshold[name];
    if (limit === undefined) return [];
    const text = `${name} ${limit.text}`;
    if (limit.kind === 'absolute') return [{ name, text, level: limit.value, stretches: [] }];
    return [{ name, text, stretches: baseline.map((stretch) => stretch.map(({ at, value }) => ({ at, value: limitAt(limit, value) }))) }];
  });

const limitAt = ({ kind, value }: Limit, baseline: number): number =>
  kind === 'relative' ? baseline * (1 + value) : baseline + value;

/** The highest and lowest that a line reaches. */
export function reachOf({ level, stretches }: Pick<ThresholdLine, 'level' | 'stretches'>): { low: number; high: number } {
  let [low, high] = level === undefined ? [Infinity, -Infinity] : [level, level];
  for (const stretch of stretches) {
    for (const { value } of stretch) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low, high };
}
