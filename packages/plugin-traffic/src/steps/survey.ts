import type { ReadContext } from 'relpipe/plugin';
import type { Router, RouterReading, SideWeights } from '../routers/router.ts';
import { mayServe, nearestDivision } from '../weights/division.ts';
import { findSides, refuseOtherSide, type SidePair } from '../weights/sides.ts';
import { driftError, isSameDivision, weightOf } from '../weights/weights.ts';
import type { ShiftConfig, ShiftState } from './shift.ts';

/** The router as a shift finds it, and the weights it wants. */
export interface Survey {
  readonly router: Router;
  readonly sides: SidePair;
  readonly reading: RouterReading;
  readonly wanted: SideWeights;
  /** The candidate's share in percent: now, and before the first attempt. */
  readonly present: number;
  readonly previous: number;
  /** Nothing has to be set. */
  readonly isDone: boolean;
}

/** Reads the router. @throws {StepError} when it does not answer, or does not know the sides */
export async function surveyShift(config: ShiftConfig, saved: ShiftState | undefined, context: ReadContext): Promise<Survey> {
  const router = await config.router.open(context);
  const reading = await router.read();
  const sides = findSides(config, router, reading);
  const wanted = nearestDivision(config.weight, sides, router, reading);
  const present = weightOf(sides.candidate, reading.weights);
  const previous = saved === undefined ? present : weightOf(sides.candidate, saved.weights);
  const isLowEnough = config['only-down'] === true && present <= config.weight;
  const isDone = reading.possibleWeights === undefined && (isLowEnough || isSameDivision(reading.weights, wanted));
  return { router, sides, reading, wanted, present, previous, isDone };
}

/**
 * Before a shift: the weights are those that `from` expects, or those that an earlier attempt found or set.
 * @throws {StepError} `TRAFFIC_DRIFT`
 */
export function refuseForeignWeights(config: ShiftConfig, saved: ShiftState | undefined, survey: Survey): void {
  const { router, sides, reading, wanted } = survey;
  refuseOtherSide(sides, router, reading);
  const expected = saved?.weights ?? (config.from === undefined ? undefined : nearestDivision(config.from, sides, router, reading));
  if (expected === undefined || mayServe(expected, reading)) return;
  if (saved !== undefined && mayServe(wanted, reading)) return;
  throw driftError(router, expected, reading.weights);
}

/** After a shift: nobody else has changed the weights since they were set. @throws {StepError} `TRAFFIC_DRIFT` */
export function refuseForeignChange(router: Router, wanted: SideWeights, written: RouterReading, now: RouterReading): void {
  if (now.revision === written.revision && isSameDivision(now.weights, wanted)) return;
  throw driftError(router, wanted, now.weights);
}
