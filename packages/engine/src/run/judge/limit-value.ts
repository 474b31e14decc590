import type { Limit } from '../../model/threshold.ts';

/** A limit as a number in the metric's unit, or why there is none. */
export type LimitValue = { readonly value: number } | { readonly missing: string };

/** `value` is the candidate's: where both sides are zero nothing has changed, and only then a zero baseline can be compared with. */
export function limitValue(limit: Limit, value: number, baseline: number | undefined): LimitValue {
  if (limit.kind === 'absolute') return { value: limit.value };
  if (baseline === undefined) return { missing: 'the baseline has no value' };
  if (limit.kind === 'points') return { value: baseline + limit.value };
  if (baseline !== 0) return { value: baseline + Math.abs(baseline) * limit.value };
  // No change is 0 %: what is left to compare with is the sign of the limit.
  if (value === 0) return { value: limit.value };
  return { missing: `the baseline is 0 and ${limit.text} of nothing says nothing: write the limit in pp or as an absolute value` };
}
