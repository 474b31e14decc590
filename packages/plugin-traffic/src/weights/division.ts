import { StepError } from 'relpipe/plugin';
import type { Router, RouterReading, SideWeights } from '../routers/router.ts';
import type { SidePair } from './sides.ts';
import { isSameDivision, printPercent, roundPercent, weightOf } from './weights.ts';

/**
 * The division that the router will have when it is asked for `percent` for the candidate: stable gets the rest, other sides nothing.
 * @throws {StepError} `TRAFFIC_SHARE_UNSUPPORTED` when the nearest share that the router supports differs by more than 0.05 percentage
 * points
 */
export function nearestDivision(percent: number, sides: SidePair, router: Router, reading: RouterReading): SideWeights {
  const asked = divideTraffic(percent, sides, reading);
  const nearest = router.nearest?.(asked) ?? asked;
  const share = weightOf(sides.candidate, nearest);
  if (Math.abs(share - percent) > tolerance) throw shareUnsupported(router, percent, share);
  return nearest;
}

function divideTraffic(percent: number, { stable, candidate }: SidePair, { sides }: RouterReading): SideWeights {
  const none = Object.fromEntries(sides.map(({ name }) => [name, 0]));
  return { ...none, [stable]: roundPercent(100 - percent), [candidate]: roundPercent(percent) };
}

/** Percentage points. */
const tolerance = 0.05;

const shareUnsupported = (router: Router, percent: number, nearest: number) =>
  new StepError('TRAFFIC_SHARE_UNSUPPORTED', `${router.name} cannot send exactly ${printPercent(percent)} of the traffic to one side.`, {
    hint: `Use the nearest share that it supports: ${printPercent(nearest)}.`,
  });

/** Whether the router has these weights, or may serve them because a change was interrupted. */
export const mayServe = (division: SideWeights, { weights, possibleWeights }: RouterReading) =>
  isSameDivision(division, weights) || (possibleWeights !== undefined && isSameDivision(division, possibleWeights));

/** The weights that a shift asks for, by the names in its configuration: for messages when the router does not answer. */
export const weightsAsNamed = ({ stable, candidate, weight }: SidePair & { readonly weight: number }): SideWeights => ({
  [stable]: roundPercent(100 - weight),
  [candidate]: weight,
});
