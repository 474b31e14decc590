import type { SideWeights } from '../router.ts';
import type { SideUnits } from './percent-from-units.ts';

/**
 * Whole numbers that add up to `sum`, as near to the weights as that allows, e.g. 97 and 3 of 100. Who is to have something is never left
 * with nothing; what rounding leaves over goes to the largest.
 */
export function unitsOfSum(weights: SideWeights, sum: number): SideUnits {
  const units = Object.entries(weights).map(([side, percent]) => [side, partOf(sum, percent)] as const);
  const left = sum - units.reduce((total, [, unit]) => total + unit, 0);
  const [largest] = units.toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return Object.fromEntries(units.map(([side, unit]) => [side, side === largest ? unit + left : unit]));
}

const partOf = (sum: number, percent: number) => (percent === 0 ? 0 : Math.max(1, Math.round((percent * sum) / 100)));
