import { roundPercent } from '../weights/weights.ts';
import type { SideWeights } from './router.ts';

/** Weights as most routers keep them: whole numbers, each a part of their sum. */
export type SideUnits = Readonly<Record<string, number>>;

/** What part of the traffic each side has, in percent; all 0 where no side has any. */
export function percentFromUnits(units: SideUnits): SideWeights {
  const sum = Object.values(units).reduce((total, unit) => total + unit, 0);
  return Object.fromEntries(Object.entries(units).map(([side, unit]) => [side, sum === 0 ? 0 : roundPercent((100 * unit) / sum)]));
}

/**
 * The whole numbers nearest to the weights: parts of the smallest power of ten from 100 that is exact, e.g. 90 and 10, or 875 and 125; else
 * of the sum that is nearest, e.g. 256 and 1. A side with a share never gets 0.
 * @param maximum the largest weight that the router takes for one side
 */
export function unitsFor(weights: SideWeights, maximum: number): SideUnits {
  let best: { readonly units: SideUnits; readonly error: number } | undefined;
  for (const total of totals(maximum)) {
    const units = Object.fromEntries(Object.entries(weights).map(([side, percent]) => [side, partOf(total, percent)]));
    if (Math.max(...Object.values(units)) > maximum) continue;
    const error = distance(percentFromUnits(units), weights);
    if (best === undefined || error < best.error) best = { units, error };
    if (error < rounding) break;
  }
  return best?.units ?? {};
}

/** Sums of decimals differ from a whole ten-thousandth by less than this. */
const rounding = 1e-6;

function* totals(maximum: number): Generator<number> {
  for (let total = 100; total <= 1_000_000; total *= 10) yield total;
  for (let total = 1; total <= 2 * maximum; total += 1) yield total;
}

const distance = (a: SideWeights, b: SideWeights) => Math.max(...Object.keys(b).map((side) => Math.abs((a[side] ?? 0) - (b[side] ?? 0))));

/**
 * Whole numbers that add up to `sum`, as near to the weights as that allows, e.g. 97 and 3 of 100. A side with a share never gets 0; what
 * rounding leaves over goes to the largest.
 */
export function unitsOfSum(weights: SideWeights, sum: number): SideUnits {
  const units = Object.entries(weights).map(([side, percent]) => [side, partOf(sum, percent)] as const);
  const left = sum - units.reduce((total, [, unit]) => total + unit, 0);
  const [largest] = units.toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return Object.fromEntries(units.map(([side, unit]) => [side, side === largest ? unit + left : unit]));
}

const partOf = (sum: number, percent: number) => (percent === 0 ? 0 : Math.max(1, Math.round((percent * sum) / 100)));
