import type { SideWeights } from '@relpipe/plugin-traffic/router';

/** Kong's weights of targets, by target: whole numbers from 0 to 65535. */
export type TargetWeights = Readonly<Record<string, number>>;

/**
 * What all weights of an upstream add up to: 600 for one percent, so that two decimals are exact. No person divides by it, so that
 * another sum is either somebody else's or a change that was interrupted.
 */
export const total = 60_000;

/** Weights that add up to `total`; what rounding leaves over goes to the largest. */
export function unitsOf(weights: SideWeights): TargetWeights {
  const units = Object.entries(weights).map(([side, percent]) => [side, Math.round((percent * total) / 100)] as const);
  const left = total - units.reduce((sum, [, count]) => sum + count, 0);
  const [largest] = units.toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return Object.fromEntries(units.map(([side, count]) => [side, side === largest ? count + left : count]));
}

/** Percent by side, four decimals; all 0 where nothing has a weight. */
export function percentOf(units: TargetWeights): SideWeights {
  const sum = Object.values(units).reduce((all, count) => all + count, 0);
  return Object.fromEntries(Object.entries(units).map(([side, count]) => [side, sum === 0 ? 0 : Number(((100 * count) / sum).toFixed(4))]));
}

/** The nearest that whole numbers can give. */
export const nearestWeights = (weights: SideWeights): SideWeights => percentOf(unitsOf(weights));

export const isSame = (a: SideWeights, b: SideWeights): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((side) => (a[side] ?? 0) === (b[side] ?? 0));
