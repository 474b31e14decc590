import type { SideWeights } from './router.ts';

/** Weights as most routers keep them: whole numbers, each a part of their sum. */
export type SideUnits = Readonly<Record<string, number>>;

/** What part of the traffic each side has, in percent, not rounded, so that parts can be added; all 0 where no side has any. */
export function percentFromUnits(units: SideUnits): SideWeights {
  const sum = Object.values(units).reduce((total, unit) => total + unit, 0);
  return Object.fromEntries(Object.entries(units).map(([side, unit]) => [side, sum === 0 ? 0 : (100 * unit) / sum]));
}

/**
 * The whole numbers nearest to the weights: parts of the smallest power of ten from 100 that is exact, e.g. 90 and 10, or 875 and 125; else
 * of the sum that is nearest, e.g. 256 and 1. A side with a share never gets 0.
 * @param maximum the largest weight that the router takes for one side
 */
export function unitsFor(weights: SideWeights, maximum: number): SideUnits {
  let best: { readonly units: SideUnits; readonly error: number } | undefined;
  for (const total of totals(maximum, Object.keys(weights).length)) {
    const units = partsOf(total, weights);
    if (Math.max(...Object.values(units)) > maximum) continue;
    const error = distance(percentFromUnits(units), weights);
    if (best === undefined || error < best.error) best = { units, error };
    if (error < rounding) break;
  }
  return best?.units ?? {};
}

/** Sums of decimals differ from a whole ten-thousandth by less than this. */
const rounding = 1e-6;

function* totals(maximum: number, sides: number): Generator<number> {
  for (let total = 100; total <= 1_000_000; total *= 10) yield total;
  for (let total = 1; total <= Math.min(sides * maximum, largestOddTotal); total += 1) yield total;
}

/** A larger one is not nearer to the weights than a million, but takes time to find. */
const largestOddTotal = 20_000;

const distance = (a: SideWeights, b: SideWeights) => Math.max(...Object.keys(b).map((side) => Math.abs((a[side] ?? 0) - (b[side] ?? 0))));

/**
 * Whole numbers that add up to `sum`, as near to the weights as that allows, e.g. 97 and 3 of 100. A side with a share never gets 0; what
 * rounding leaves over goes to the largest.
 */
export function unitsOfSum(weights: SideWeights, sum: number): SideUnits {
  const units = Object.entries(partsOf(sum, weights));
  const left = sum - units.reduce((total, [, unit]) => total + unit, 0);
  const [largest] = units.toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return Object.fromEntries(units.map(([side, unit]) => [side, side === largest ? unit + left : unit]));
}

/** The weights with four decimals: they add up to 100, and so do servers that follow each other to the share of their side. */
export const fourDecimals = (weights: SideWeights): SideWeights => percentFromUnits(unitsOfSum(weights, 1_000_000));

/**
 * Whole numbers that each make up for what the ones before it were rounded by: sides that follow each other, such as the servers of one
 * version, have the right sum together.
 */
function partsOf(sum: number, weights: SideWeights): SideUnits {
  let [exact, given] = [0, 0];
  const units = Object.entries(weights).map(([side, percent]) => {
    exact += (percent * sum) / 100;
    const unit = percent === 0 ? 0 : Math.max(1, Math.round(exact) - given);
    given += unit;
    return [side, unit] as const;
  });
  return Object.fromEntries(units);
}
