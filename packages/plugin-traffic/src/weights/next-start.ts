import { isStepError, StepError } from 'relpipe/plugin';
import { messageOf } from 'relpipe/plugin/toolkit';
import type { Router, RouterReading, SideWeights, WeightKeeper } from '../routers/router.ts';
import { lowerWeights, type WriteGuard } from './lower-weights.ts';
import { findSide } from './sides.ts';
import { printWeights } from './weights.ts';

/** What a rollback restores. Sides by their names, their URLs, or hosts and ports. */
interface RollbackTarget {
  readonly candidate: string;
  readonly weights: SideWeights;
  readonly guard: WriteGuard;
}

/**
 * Calls `rollback`. Where that fails, a dead router is prepared for its next start, and the error also contains the weights that
 * the router will start with, and how to set them without relpipe.
 */
export async function rollBack<Result>(router: Router, target: RollbackTarget, rollback: () => Promise<Result>): Promise<Result> {
  try {
    return await rollback();
  } catch (error) {
    if (!isStepError(error)) throw error;
    const prepared = await prepareNextStart(router, target.candidate, (start) => lowerNextStart(start, router, target));
    throw withHints(error, prepared, router.manualCommand && `Manual rollback: ${router.manualCommand(target.weights)}`);
  }
}

async function lowerNextStart(start: WeightKeeper, router: Router, { candidate, weights, guard }: RollbackTarget): Promise<string> {
  const reading = await start.read();
  const wanted = divisionAt(start, reading, weights);
  const side = findSide(candidate, start, reading);
  const prepared = await lowerWeights(start, side, router.nearest?.(wanted) ?? wanted, guard);
  return `it has ${printWeights(prepared.weights)}`;
}

/** The weights of all sides, by the keeper's own names. @throws {StepError} `TRAFFIC_SIDE_UNKNOWN` */
function divisionAt(keeper: WeightKeeper, reading: RouterReading, weights: SideWeights): SideWeights {
  const none = reading.sides.map(({ name }) => [name, 0] as const);
  const given = Object.entries(weights).map(([side, weight]) => [findSide(side, keeper, reading), weight] as const);
  return Object.fromEntries([...none, ...given]);
}

/**
 * After a rollback that failed: prepares a router that does not answer, so that it does not send traffic to the candidate again when it
 * starts.
 * @param prepare changes what the router starts with, and returns it as a sentence, e.g. `it has stable 100%, candidate 0%`
 * @returns for a hint: what it starts with, or why that could not be changed; undefined where it answers, or keeps nothing of its own
 */
export async function prepareNextStart(
  router: Router,
  candidate: string,
  prepare: (start: WeightKeeper) => Promise<string>,
): Promise<string | undefined> {
  const start = router.nextStart?.();
  if (start === undefined || (await answers(router))) return undefined;
  try {
    return `At its next start ${await prepare(start)}, by ${start.name}; what it serves until then is unknown.`;
  } catch (error) {
    // The reason why the rollback failed matters more.
    return `After its next start it may send traffic to ${candidate} again: ${messageOf(error)}`;
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

/** The same error with further hints. */
export function withHints({ code, message, hint, retryable, changedByOthers, cause }: StepError, ...more: readonly (string | undefined)[]): StepError {
  const hints = [hint, ...more].filter((one) => one !== undefined);
  return new StepError(code, message, { ...(hints.length > 0 && { hint: hints.join(' ') }), retryable, changedByOthers, cause });
}
