import { isStepError } from 'relpipe/plugin';
import type { Router, RouterReading, SideWeights, WeightKeeper } from '../router-kinds/router.ts';
import { findSide } from './find-sides.ts';
import { lowerWeights } from './lower-weights.ts';
import { prepareNextStart } from './prepare-next-start.ts';
import { printWeights } from './print-weights.ts';
import { withHints } from './with-hints.ts';

/** Where a way back leads. Sides by their names, their URLs, or hosts and ports. */
interface Destination {
  readonly candidate: string;
  readonly weights: SideWeights;
}

/**
 * Goes back by `way`. Where that fails, a dead router is prepared for its next start; whoever reads that it failed also reads what it will
 * start with, and how to give the weights without relpipe.
 */
export async function goBack<Result>(router: Router, to: Destination, way: () => Promise<Result>): Promise<Result> {
  try {
    return await way();
  } catch (error) {
    if (!isStepError(error)) throw error;
    const prepared = await prepareNextStart(router, to.candidate, (start) => lowerNextStart(start, router, to));
    throw withHints(error, prepared, router.byHand && `By hand: ${router.byHand(to.weights)}`);
  }
}

async function lowerNextStart(start: WeightKeeper, router: Router, { candidate, weights }: Destination): Promise<string> {
  const reading = await start.read();
  const wanted = divisionAt(start, reading, weights);
  const prepared = await lowerWeights(start, findSide(candidate, start, reading), router.nearest?.(wanted) ?? wanted);
  return `it has ${printWeights(prepared.weights)}`;
}

/** The weights by the keeper's own names, of all its sides. @throws {StepError} `TRAFFIC_SIDE_UNKNOWN` */
function divisionAt(keeper: WeightKeeper, reading: RouterReading, weights: SideWeights): SideWeights {
  const none = reading.sides.map(({ name }) => [name, 0] as const);
  const given = Object.entries(weights).map(([side, weight]) => [findSide(side, keeper, reading), weight] as const);
  return Object.fromEntries([...none, ...given]);
}
