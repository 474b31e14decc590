import { percentFromUnits, type SideUnits, type SideWeights, unitsOfSum } from '@relpipe/plugin-traffic/router';

/**
 * What all weights of an upstream add up to: 600 for one percent, so that two decimals are exact, and below the 65535 that one target takes.
 * No person divides by it, so that another sum is either somebody else's or a change that was interrupted.
 */
export const total = 60_000;

export const unitsOf = (weights: SideWeights): SideUnits => unitsOfSum(weights, total);

/** The nearest that whole numbers can give. */
export const nearestWeights = (weights: SideWeights): SideWeights => percentFromUnits(unitsOf(weights));

export const isSame = (a: SideWeights, b: SideWeights): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((side) => (a[side] ?? 0) === (b[side] ?? 0));
