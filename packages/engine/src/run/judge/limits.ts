import type { Limit, LimitName, Threshold } from '../../model/threshold.ts';
import type { PlanMetric } from '../../plan/plan.ts';

/** A limit with the side on which it is crossed. */
export interface Bound {
  readonly word: LimitName;
  readonly limit: Limit;
  readonly crossed: 'above' | 'below';
}

/**
 * The limits of a metric, the most severe first. `warn` and `critical` are on the side of `min` or `max` when only one of them is set.
 * When neither is set, a limit that is below the baseline by its sign (`-10%`) is crossed downwards; when both are set, one
 * that is not above `min` is.
 */
export function boundsOf({ threshold, unit }: Pick<PlanMetric, 'threshold' | 'unit'>): readonly Bound[] {
  const { critical, min, max, warn } = threshold;
  const isYesNo = unit === 'yes-no';
  const side = (limit: Limit): Bound['crossed'] => (isYesNo ? 'below' : sideOf(limit, threshold));
  return [
    ...bound('critical', critical, side),
    ...bound('min', isYesNo ? (min ?? yes) : min, () => 'below'),
    ...bound('max', max, () => 'above'),
    ...bound('warn', warn, side),
  ];
}

/** A yes/no metric needs no limit: each no is a breach. */
const yes: Limit = { kind: 'absolute', value: 1, text: 'yes' };

const bound = (word: LimitName, limit: Limit | undefined, side: (limit: Limit) => Bound['crossed']): readonly Bound[] =>
  limit ? [{ word, limit, crossed: side(limit) }] : [];

function sideOf(limit: Limit, { min, max }: Threshold): Bound['crossed'] {
  if (min && !max) return 'below';
  if (max && !min) return 'above';
  if (min?.kind === limit.kind) return limit.value <= min.value ? 'below' : 'above';
  return limit.kind !== 'absolute' && limit.value < 0 ? 'below' : 'above';
}

/** A limit as a number in the metric's unit, or why there is none. */
type LimitValue = { readonly value: number } | { readonly missing: string };

/** `value` is the candidate's: where both sides are zero nothing has changed, and only then a zero baseline can be compared with. */
export function limitValue(limit: Limit, value: number, baseline: number | undefined): LimitValue {
  if (limit.kind === 'absolute') return { value: limit.value };
  if (baseline === undefined) return { missing: 'the baseline has no value' };
  if (limit.kind === 'points' || baseline !== 0) return { value: besideBaseline(limit, baseline) };
  // No change is 0 %: what is left to compare with is the sign of the limit.
  if (value === 0) return { value: limit.value };
  return { missing: `the baseline is 0, so that ${limit.text} of it means nothing: write the limit in pp or as an absolute value` };
}

/** Where a relative limit, or one in points, lies beside a baseline: `+10%` is above it, also where the baseline is below zero. */
export const besideBaseline = ({ kind, value }: Limit, baseline: number): number =>
  kind === 'relative' ? baseline + Math.abs(baseline) * value : baseline + value;
