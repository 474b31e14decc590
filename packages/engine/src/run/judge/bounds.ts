import type { PlanMetric } from '../../plan/plan.ts';
import type { Limit, Threshold } from '../../model/threshold.ts';

type LimitWord = 'critical' | 'min' | 'max' | 'warn';

/** A limit with the side on which it is crossed. */
export interface Bound {
  readonly word: LimitWord;
  readonly limit: Limit;
  readonly crossed: 'above' | 'below';
}

/**
 * The limits of a metric, the gravest first. `warn` and `critical` lie on the side of the only one of `min` and `max` that is there.
 * Where there is neither, what is below the baseline by its sign (`-10%`) is crossed downwards; where there are both, what
 * does not lie above `min` is.
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

const bound = (word: LimitWord, limit: Limit | undefined, side: (limit: Limit) => Bound['crossed']): readonly Bound[] =>
  limit ? [{ word, limit, crossed: side(limit) }] : [];

function sideOf(limit: Limit, { min, max }: Threshold): Bound['crossed'] {
  if (min && !max) return 'below';
  if (max && !min) return 'above';
  if (min?.kind === limit.kind) return limit.value <= min.value ? 'below' : 'above';
  return limit.kind !== 'absolute' && limit.value < 0 ? 'below' : 'above';
}
