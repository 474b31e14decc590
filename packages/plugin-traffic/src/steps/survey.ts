import { StepError, type ReadContext, type RunContext } from 'relpipe/plugin';
import type { Router, RouterReading, SideWeights } from '../routers/router.ts';
import { mayServe, nearestDivision } from '../weights/division.ts';
import { findSides, refuseOtherSide, type SidePair } from '../weights/sides.ts';
import { leftAt, refuseChangeByOthers } from '../weights/left-weights.ts';
import { driftError, isSameDivision, printPercent, printWeights, weightOf } from '../weights/weights.ts';
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
 * Before a shift: the weights are as the run has left them, or as `from` expects, and a first phase does not lower the candidate.
 * @throws {StepError} `TRAFFIC_DRIFT`
 */
export function refuseForeignWeights(config: ShiftConfig, survey: Survey, { saved, left }: Pick<RunContext<ShiftState>, 'saved' | 'left'>): void {
  const { router, sides, reading } = survey;
  refuseOtherSide(sides, router, reading);
  refuseChangeByOthers(router, leftAt(router, left, saved), reading);
  if (saved !== undefined) return;
  refuseLowering(config, survey);
  const expected = config.from === undefined ? undefined : nearestDivision(config.from, sides, router, reading);
  if (expected !== undefined && !mayServe(expected, reading)) throw driftError(router, expected, reading.weights);
}

/** @throws {StepError} `TRAFFIC_DRIFT` where `only-up` is set and the candidate has more */
export function refuseLowering(config: Pick<ShiftConfig, 'only-up' | 'weight'>, { router, sides, reading, present, wanted }: Survey): void {
  if (config['only-up'] === true && present > weightOf(sides.candidate, wanted)) throw alreadyHigher(router, sides.candidate, config.weight, reading.weights);
}

const alreadyHigher = ({ name }: Router, candidate: string, weight: number, found: SideWeights) =>
  new StepError(
    'TRAFFIC_DRIFT',
    `${candidate} already has more than the ${printPercent(weight)} of this phase, which must not lower it: expected at most ${printPercent(weight)}, found ${printWeights(found)} at ${name}.`,
    { hint: `Find out who has raised it. If another release is in progress, let it end; if ${candidate} already serves, release to the other side.`, changedByOthers: true },
  );

/** After a shift: nobody else has changed the weights since they were set. @throws {StepError} `TRAFFIC_DRIFT` */
export function refuseForeignChange(router: Router, wanted: SideWeights, written: RouterReading, now: RouterReading): void {
  if (now.revision === written.revision && isSameDivision(now.weights, wanted)) return;
  throw driftError(router, wanted, now.weights);
}
