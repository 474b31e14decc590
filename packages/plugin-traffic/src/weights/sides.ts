import { StepError } from 'relpipe/plugin';
import type { RouterReading, RouterSide, WeightKeeper } from '../routers/router.ts';
import { printPercent } from './weights.ts';

/** Both sides by the names that the router uses. */
export interface SidePair {
  readonly stable: string;
  readonly candidate: string;
}

/**
 * Finds both sides by name, by URL, or by host and port.
 * @throws {StepError} `TRAFFIC_SIDE_UNKNOWN`, `TRAFFIC_SIDES_SAME`
 */
export function findSides(given: SidePair, router: WeightKeeper, reading: RouterReading): SidePair {
  const pair = { stable: findSide(given.stable, router, reading), candidate: findSide(given.candidate, router, reading) };
  if (pair.stable === pair.candidate) throw sidesSame(pair.stable, router);
  return pair;
}

/** @throws {StepError} `TRAFFIC_THIRD_SIDE` when another side has a weight: shares of two sides would mean nothing */
export function refuseOtherSide(pair: SidePair, router: WeightKeeper, { weights }: RouterReading): void {
  const other = Object.entries(weights).find(([name, weight]) => weight > 0 && !Object.values(pair).includes(name));
  if (other !== undefined) throw otherSide(other, router);
}

/** @throws {StepError} `TRAFFIC_SIDE_UNKNOWN` */
export function findSide(text: string, router: WeightKeeper, { sides }: RouterReading): string {
  const found = sides.find(({ name }) => name === text) ?? sides.find((side) => isAt(text, side));
  if (found === undefined) throw sideUnknown(text, router, sides);
  return found.name;
}

export const isAt = (text: string, { url }: RouterSide) => originOf(text) !== undefined && originOf(text) === originOf(url);

function originOf(text: string): string | undefined {
  const url = text.includes('://') ? text : `http://${text}`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

export const sideUnknown = (text: string, router: WeightKeeper, sides: readonly RouterSide[]) =>
  new StepError('TRAFFIC_SIDE_UNKNOWN', `${router.name} has no side ${text}.`, {
    hint:
      sides.length === 0
        ? 'It has no sides at all: add both of them to its configuration, the candidate without a share.'
        : `Use one of its sides: ${sides.map(({ name, url }) => `${name} (${url})`).join(', ')}.`,
  });

const sidesSame = (side: string, router: WeightKeeper) =>
  new StepError('TRAFFIC_SIDES_SAME', `stable and candidate are the same side of ${router.name}: ${side}.`, {
    hint: 'Set `candidate` to another side than `stable`.',
  });

const otherSide = ([name, weight]: readonly [string, number], router: WeightKeeper) =>
  new StepError('TRAFFIC_THIRD_SIDE', `A third side of ${router.name}, ${name}, has ${printPercent(weight)} of the traffic.`, {
    hint: `Traffic is divided between stable and candidate only: list ${name} in one of them too, e.g. \`stable: [a, b]\`, or set its weight to 0.`,
  });
