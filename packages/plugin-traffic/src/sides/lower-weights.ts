import { isStepError } from 'relpipe/plugin';
import { driftFrom } from './drift-from.ts';
import { weightOf } from './divide-traffic.ts';
import type { RouterReading, SideWeights, WeightKeeper } from '../router-kinds/router.ts';

/**
 * Sets the weights, but never raises the candidate: where it has no more already, nothing is changed, and after a change that was
 * interrupted it gets the least that it may have. On a way back somebody else's change is no reason to stop, so it looks again and
 * goes on.
 * @returns what the router says at the end
 */
export async function lowerWeights(router: WeightKeeper, candidate: string, wanted: SideWeights): Promise<RouterReading> {
  for (let change = 0; change < mostChanges; change += 1) {
    const reading = await router.read();
    const least = leastOf(candidate, [wanted, reading.weights, ...(reading.orElse === undefined ? [] : [reading.orElse])]);
    if (reading.orElse === undefined && least === reading.weights) return reading;
    await writeUnlessOvertaken(router, least, reading);
  }
  throw driftFrom(router, wanted);
}

/** Of equal ones the last: what is there already is not set again. */
const leastOf = (candidate: string, divisions: readonly [SideWeights, ...SideWeights[]]): SideWeights =>
  divisions.reduce((least, one) => (weightOf(candidate, one) <= weightOf(candidate, least) ? one : least));

/** Somebody who sets other weights again and again does not give way. */
const mostChanges = 5;

async function writeUnlessOvertaken(router: WeightKeeper, wanted: SideWeights, reading: RouterReading): Promise<void> {
  try {
    await router.write(wanted, reading);
  } catch (error) {
    if (!isStepError(error) || error.code !== 'TRAFFIC_DRIFT') throw error;
  }
}
