import { isRecord } from './is-record.ts';
import { RouterError } from './router-error.ts';

/** Share of new requests per side, in percent: 0 to 100, at most four decimals, together exactly 100. */
export type Weights = Readonly<Record<string, number>>;

/** Whole units of a ten-thousandth of a percent: sums of decimals are exact, and no share drifts. */
export const unitsPerPercent = 10_000;

/**
 * Checks that `value` gives every side of `sides` its weight and nothing else.
 * @throws RouterError TRAFFIC_ROUTER_WEIGHTS_INVALID, naming every finding
 */
export function parseWeights(value: unknown, sides: readonly string[]): Weights {
  const given = isRecord(value) ? value : {};
  const findings = [...foreignSides(given, sides), ...sides.flatMap((side) => checkWeight(side, given[side]))];
  if (findings.length === 0) findings.push(...checkSum(given, sides));
  if (findings.length > 0) throw invalidWeights(findings, sides);
  return Object.fromEntries(sides.map((side) => [side, Number(given[side])]));
}

/** Whether both give every side the same share. */
export function areSameWeights(a: Weights, b: Weights): boolean {
  const sides = Object.keys(a);
  return sides.length === Object.keys(b).length && sides.every((side) => a[side] === b[side]);
}

const foreignSides = (given: Record<string, unknown>, sides: readonly string[]) =>
  Object.keys(given).filter((side) => !sides.includes(side)).map((side) => `there is no side "${side}"`);

function checkWeight(side: string, weight: unknown): string[] {
  if (weight === undefined) return [`side "${side}" has no weight`];
  if (typeof weight !== 'number' || !Number.isFinite(weight)) return [`the weight of "${side}" is not a number`];
  if (weight < 0 || weight > 100) return [`the weight of "${side}" is ${weight}, outside 0 to 100`];
  return hasFourDecimals(weight) ? [] : [`the weight of "${side}" (${weight}) has more than four decimals`];
}

const hasFourDecimals = (weight: number) => Number(weight.toFixed(4)) === weight;

function checkSum(given: Record<string, unknown>, sides: readonly string[]): string[] {
  const units = sides.reduce((sum, side) => sum + Math.round(Number(given[side]) * unitsPerPercent), 0);
  if (units === 0) return ['every weight is 0, so no side would answer'];
  return units === 100 * unitsPerPercent ? [] : [`the weights add up to ${units / unitsPerPercent}, not to 100`];
}

const invalidWeights = (findings: readonly string[], sides: readonly string[]) =>
  new RouterError(
    'TRAFFIC_ROUTER_WEIGHTS_INVALID',
    `The weights cannot be used: ${findings.join('; ')}.`,
    `Give each of ${sides.join(', ')} a percentage from 0 to 100 so that they add up to 100.`,
  );
