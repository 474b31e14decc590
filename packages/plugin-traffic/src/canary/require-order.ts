import { StepError, type Later } from 'relpipe/plugin';
import { printPercent } from '../percent.ts';

type Weights = readonly (number | Later<number>)[];

/** What is only known in the run is not compared. @throws {StepError} `TRAFFIC_PHASES_NOT_RISING` */
export function requireRising(weights: Weights): void {
  const found = findPair(weights, (former, next) => next <= former);
  if (found === undefined) return;
  const [former, next] = [printPercent(found.former), printPercent(found.next)];
  throw new StepError('TRAFFIC_PHASES_NOT_RISING', `The phase with ${next} comes after the one with ${former}.`, {
    hint: 'Give each phase a larger weight than the one before.',
  });
}

/** @throws {StepError} `TRAFFIC_RAMP_NOT_FALLING` */
export function requireFalling(weights: Weights): void {
  const found = findPair(weights, (former, next) => next >= former);
  if (found === undefined) return;
  throw new StepError('TRAFFIC_RAMP_NOT_FALLING', `The ramp goes back from ${printPercent(found.former)} to ${printPercent(found.next)}.`, {
    hint: 'Give each stage of the ramp a smaller weight than the one before.',
  });
}

function findPair(weights: Weights, isWrong: (former: number, next: number) => boolean) {
  const known = weights.filter((weight) => typeof weight === 'number');
  const pairs = known.slice(1).map((next, i) => ({ former: known[i] ?? next, next }));
  return pairs.find(({ former, next }) => isWrong(former, next));
}
