import { StepError } from 'relpipe/plugin';
import type { SideWeights, WeightKeeper } from '../routers/router.ts';

/** Rounds to four decimals: what routers tell apart. Sums stay exact. */
export const roundPercent = (percent: number) => Number(percent.toFixed(4));

/** As it is written in a pipeline file, with at most four decimals: `10%`, `33.3333%`. */
export const printPercent = (percent: number) => `${roundPercent(percent)}%`;

/** E.g. `stable 90%, candidate 10%`. */
export const printWeights = (weights: SideWeights): string =>
  Object.entries(weights)
    .map(([side, weight]) => `${side} ${printPercent(weight)}`)
    .join(', ');

/** A side that is not mentioned has 0. */
export const weightOf = (side: string, weights: SideWeights) => roundPercent(weights[side] ?? 0);

export const isSameDivision = (a: SideWeights, b: SideWeights): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every((side) => weightOf(side, a) === weightOf(side, b));

/** Somebody else has changed the weights. Only they know why, so the step ends here and overwrites nothing. */
export const driftError = ({ name }: WeightKeeper, expected: SideWeights, found?: SideWeights) =>
  new StepError(
    'TRAFFIC_DRIFT',
    `Somebody else has changed the weights of ${name}: expected ${printWeights(expected)}${found ? `, found ${printWeights(found)}` : ''}.`,
    { hint: 'Find out who else sets these weights, correct them, then run the release again.', changedByOthers: true },
  );
