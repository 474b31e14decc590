import type { SideWeights } from '../router.ts';
import { percentFromUnits, type SideUnits } from './percent-from-units.ts';

/**
 * The whole numbers by which a router comes nearest to the weights: of the smallest power of ten above 100 that is exact, e.g. 90 and 10, or
 * 875 and 125; else of whatever is nearest, e.g. 256 and 1. Who is to have something is never left with nothing.
 * @param most the largest weight that the router takes for one side
 */
export function unitsFor(weights: SideWeights, most: number): SideUnits {
  let best: { readonly units: SideUnits; readonly off: number } | undefined;
  for (const total of totals(most)) {
    const units = Object.fromEntries(Object.entries(weights).map(([side, percent]) => [side, partOf(total, percent)]));
    if (Math.max(...Object.values(units)) > most) continue;
    const off = distance(percentFromUnits(units), weights);
    if (best === undefined || off < best.off) best = { units, off };
    if (off < rounding) break;
  }
  return best?.units ?? {};
}

/** Sums of decimals miss a whole ten-thousandth by less than this. */
const rounding = 1e-6;

const partOf = (total: number, percent: number) => (percent === 0 ? 0 : Math.max(1, Math.round((percent * total) / 100)));

function* totals(most: number): Generator<number> {
  for (let total = 100; total <= 1_000_000; total *= 10) yield total;
  for (let total = 1; total <= 2 * most; total += 1) yield total;
}

const distance = (a: SideWeights, b: SideWeights) => Math.max(...Object.keys(b).map((side) => Math.abs((a[side] ?? 0) - (b[side] ?? 0))));
