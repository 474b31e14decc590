import { percentFromUnits, unitsOfSum, type RouterReading, type SideUnits, type SideWeights } from '@relpipe/plugin-traffic/router';

/**
 * What all weights of an upstream add up to: 600 for one percent, so that two decimals are exact, and below the 65535 that one target
 * takes. A person would not choose it, so another sum comes either from somebody else or from a change that was interrupted.
 */
export const total = 60_000;

export const unitsOf = (weights: SideWeights): SideUnits => unitsOfSum(weights, total);

/** The nearest weights that are possible with these integers. */
export const nearestWeights = (weights: SideWeights): SideWeights => percentFromUnits(unitsOf(weights));

/**
 * The shares that the weights mean. Two targets are set one after the other, the rising one first. So two weights with a sum above `total`
 * are a change that was interrupted, and each of them determines what the other one was or should have become.
 */
export function divisionOf(units: SideUnits): Pick<RouterReading, 'weights' | 'possibleWeights'> {
  const [first, second, ...others] = Object.entries(units).filter(([, count]) => count > 0);
  const isHalfDone = first && second && others.length === 0 && first[1] + second[1] > total && Math.max(first[1], second[1]) <= total;
  if (!isHalfDone) return { weights: percentFromUnits(units) };
  return {
    weights: percentFromUnits({ ...units, [first[0]]: first[1], [second[0]]: total - first[1] }),
    possibleWeights: percentFromUnits({ ...units, [first[0]]: total - second[1], [second[0]]: second[1] }),
  };
}

/**
 * The targets whose weight changes, in an order in which every share stays between its previous and its wanted value as far as possible,
 * and in which the weights are never all 0. Of equally good targets the rising ones come first: `divisionOf` relies on that.
 */
export function orderOfChanges(previous: SideUnits, wanted: SideUnits): readonly string[] {
  const changing = Object.keys(previous).filter((target) => previous[target] !== (wanted[target] ?? 0));
  const rising = (target: string) => (wanted[target] ?? 0) > (previous[target] ?? 0);
  const left = new Set(changing.toSorted((a, b) => Number(rising(b)) - Number(rising(a))));
  const order: string[] = [];
  for (let present = previous; left.size > 0; ) {
    const after = (target: string): SideUnits => ({ ...present, [target]: wanted[target] ?? 0 });
    const [best = ''] = [...left].toSorted((a, b) => deviationOf(after(a), previous, wanted) - deviationOf(after(b), previous, wanted));
    order.push(best);
    left.delete(best);
    present = after(best);
  }
  return order;
}

/** How far, in percentage points, the worst share lies outside of its previous and its wanted value. */
function deviationOf(units: SideUnits, previous: SideUnits, wanted: SideUnits): number {
  if (Object.values(units).every((count) => count === 0)) return Number.POSITIVE_INFINITY;
  const [shares, from, to] = [units, previous, wanted].map(percentFromUnits) as [SideUnits, SideUnits, SideUnits];
  return Math.max(...Object.entries(shares).map(([side, share]) => outside(share, from[side] ?? 0, to[side] ?? 0)));
}

const outside = (share: number, a: number, b: number): number => Math.max(0, Math.min(a, b) - share, share - Math.max(a, b));
