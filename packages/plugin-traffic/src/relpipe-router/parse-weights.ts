import type { SideWeights } from '../routers/router.ts';
import { RouterError } from './router-error.ts';

/** Integers of a ten-thousandth of a percent each: sums of decimals are exact, and no share drifts. */
export const unitsPerPercent = 10_000;

/**
 * Checks that `value` has a weight for every one of `sides` and nothing else: 0 to 100 percent, at most four decimals, together 100.
 * @throws RouterError TRAFFIC_ROUTER_WEIGHTS_INVALID, naming every finding
 */
export function parseWeights(value: unknown, sides: readonly string[]): SideWeights {
  const given = isRecord(value) ? value : {};
  const findings = [...unknownSides(given, sides), ...sides.flatMap((side) => checkWeight(side, given[side]))];
  if (findings.length === 0) findings.push(...checkSum(given, sides));
  if (findings.length > 0) throw invalidWeights(findings, sides);
  return Object.fromEntries(sides.map((side) => [side, Number(given[side])]));
}

/** Whether every side has the same weight in both. */
export function areSameWeights(a: SideWeights, b: SideWeights): boolean {
  const sides = Object.keys(a);
  return sides.length === Object.keys(b).length && sides.every((side) => a[side] === b[side]);
}

const unknownSides = (given: Record<string, unknown>, sides: readonly string[]) =>
  Object.keys(given).filter((side) => !sides.includes(side)).map((side) => `there is no side "${side}"`);

function checkWeight(side: string, weight: unknown): string[] {
  if (weight === undefined) return [`side "${side}" has no weight`];
  if (typeof weight !== 'number' || !Number.isFinite(weight)) return [`the weight of "${side}" is not a number`];
  if (weight < 0 || weight > 100) return [`the weight of "${side}" must be from 0 to 100; found ${weight}`];
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
    `Set ${sides.join(', ')} to percentages from 0 to 100 that add up to 100.`,
  );

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
