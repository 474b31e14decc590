import { isStepError } from 'relpipe/plugin';
import type { Router, RouterReading, SideWeights, WeightKeeper } from '../router-kinds/router.ts';
import { findSide } from './find-sides.ts';
import { lowerWeights } from './lower-weights.ts';
import { printWeights } from './print-weights.ts';

/** Where a way back leads. Sides by their names, their URLs, or hosts and ports. */
export interface Destination {
  readonly candidate: string;
  readonly weights: SideWeights;
}

/**
 * After a way back that failed: a router that does not answer goes back at its next start, so that it does not give the candidate again
 * what nobody meant.
 * @returns for a hint, what it starts with, or why that could not be changed; nothing where it answers, or has no weights of its own
 */
export async function prepareNextStart(router: Router, { candidate, weights }: Destination): Promise<string | undefined> {
  const start = router.nextStart?.();
  if (start === undefined || (await answers(router))) return undefined;
  try {
    const reading = await start.read();
    const wanted = divisionAt(start, reading, weights);
    const prepared = await lowerWeights(start, findSide(candidate, start, reading), router.nearest?.(wanted) ?? wanted);
    return `At its next start it has ${printWeights(prepared.weights)}, by ${start.name}; what it serves until then is not known.`;
  } catch (error) {
    // Why the way back failed matters more.
    return `Its next start may give ${candidate} traffic again: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function answers(router: Router): Promise<boolean> {
  try {
    await router.read();
    return true;
  } catch (error) {
    if (!isStepError(error)) throw error;
    return false;
  }
}

/** The weights by the keeper's own names, of all its sides. @throws {StepError} `TRAFFIC_SIDE_UNKNOWN` */
function divisionAt(keeper: WeightKeeper, reading: RouterReading, weights: SideWeights): SideWeights {
  const none = reading.sides.map(({ name }) => [name, 0] as const);
  const given = Object.entries(weights).map(([side, weight]) => [findSide(side, keeper, reading), weight] as const);
  return Object.fromEntries([...none, ...given]);
}
