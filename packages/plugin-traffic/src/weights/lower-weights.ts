import { isStepError } from 'relpipe/plugin';
import type { RouterReading, SideWeights, WeightKeeper } from '../routers/router.ts';
import { driftError, weightOf } from './weights.ts';

/** Watches over the writes of a rollback. */
export interface WriteGuard {
  /** Is called with what was read and what is going to be written, and may refuse; again when somebody else was quicker. */
  before(keeper: WeightKeeper, reading: RouterReading, lowest: SideWeights): Promise<void>;
  /** The keeper has confirmed what was written last. */
  after(): Promise<void>;
}

/**
 * Sets the weights, but never raises the candidate: where it already has no more, nothing is changed, and after a change that was
 * interrupted it gets the smallest share that it may have.
 * @returns what the router reports in the end
 * @throws {StepError} `TRAFFIC_DRIFT` when somebody else changes the weights again and again
 */
export async function lowerWeights(
  router: WeightKeeper,
  candidate: string,
  wanted: SideWeights,
  guard: WriteGuard,
): Promise<RouterReading> {
  for (let change = 0; change < maximumChanges; change += 1) {
    const reading = await router.read();
    const { weights, possibleWeights } = reading;
    const lowest = lowestOf(candidate, [wanted, weights, ...(possibleWeights === undefined ? [] : [possibleWeights])]);
    if (possibleWeights === undefined && lowest === weights) {
      if (change > 0) await guard.after();
      return reading;
    }
    await guard.before(router, reading, lowest);
    await writeUnlessOvertaken(router, lowest, reading);
  }
  throw driftError(router, wanted);
}

/** Of equal ones the last, so that weights that are already set are not set again. */
const lowestOf = (candidate: string, divisions: readonly [SideWeights, ...SideWeights[]]): SideWeights =>
  divisions.reduce((lowest, one) => (weightOf(candidate, one) <= weightOf(candidate, lowest) ? one : lowest));

/** Somebody who sets other weights again and again will not stop. */
const maximumChanges = 5;

async function writeUnlessOvertaken(router: WeightKeeper, wanted: SideWeights, reading: RouterReading): Promise<void> {
  try {
    await router.write(wanted, reading);
  } catch (error) {
    if (!isStepError(error) || error.code !== 'TRAFFIC_DRIFT') throw error;
  }
}
