import type { ReadContext } from 'relpipe/plugin';
import { isSameDivision, weightOf } from '../sides/divide-traffic.ts';
import { givenDivision } from '../sides/given-division.ts';
import { findSides, type SidePair } from '../sides/find-sides.ts';
import type { Router, RouterReading, SideWeights } from '../router-kinds/router.ts';
import type { ShiftConfig, ShiftState } from './shift-config.ts';

/** The world as a shift finds it, and what it wants of it. */
export interface Survey {
  readonly router: Router;
  readonly sides: SidePair;
  readonly reading: RouterReading;
  readonly wanted: SideWeights;
  /** The candidate's share in percent: now, and before the first attempt. */
  readonly present: number;
  readonly former: number;
  /** Nothing is left to be set. */
  readonly isThere: boolean;
}

/** Reads the router. @throws {StepError} when it cannot be asked, or does not know the sides */
export async function surveyShift(config: ShiftConfig, saved: ShiftState | undefined, context: ReadContext): Promise<Survey> {
  const router = await config.router.open(context);
  const reading = await router.read();
  const sides = findSides(config, router, reading);
  const wanted = givenDivision(config.weight, sides, router, reading);
  const present = weightOf(sides.candidate, reading.weights);
  const former = saved === undefined ? present : weightOf(sides.candidate, saved.weights);
  const isLowEnough = config['only-down'] === true && present <= config.weight;
  const isThere = reading.orElse === undefined && (isLowEnough || isSameDivision(reading.weights, wanted));
  return { router, sides, reading, wanted, present, former, isThere };
}
