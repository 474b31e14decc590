import { roundPercent } from '../percent.ts';
import type { SidePair } from './find-sides.ts';
import type { RouterReading, SideWeights } from '../router-kinds/router.ts';

/** Weights for all sides: the candidate gets `percent`, stable the rest, others nothing. */
export function divideTraffic(percent: number, { stable, candidate }: SidePair, { sides }: RouterReading): SideWeights {
  const none = Object.fromEntries(sides.map(({ name }) => [name, 0]));
  return { ...none, [stable]: roundPercent(100 - percent), [candidate]: roundPercent(percent) };
}

export const isSameDivision = (a: SideWeights, b: SideWeights) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((side) => weightOf(side, a) === weightOf(side, b));

/** Whether the router has these weights, or may have them because a change was interrupted. */
export const mayBe = (division: SideWeights, { weights, orElse }: RouterReading) =>
  isSameDivision(division, weights) || (orElse !== undefined && isSameDivision(division, orElse));

export const weightOf = (side: string, weights: SideWeights) => roundPercent(weights[side] ?? 0);
