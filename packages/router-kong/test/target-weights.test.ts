import { percentFromUnits } from '@relpipe/plugin-traffic/router';
import { expect, test } from 'vitest';
import { divisionOf, nearestWeights, orderOfChanges, total, unitsOf } from '../src/target-weights.ts';

const weights = (candidate: number) => ({ stable: 100 - candidate, candidate });

test.each([[0, 10], [10, 40], [40, 0], [100, 0], [12.5, 87.5]])('a change from %d %% to %d %% never moves the share outside of the two, and never sets all weights to 0', (from, to) => {
  const wanted = unitsOf(weights(to));
  let units = unitsOf(weights(from));
  for (const target of orderOfChanges(units, wanted)) {
    units = { ...units, [target]: wanted[target]! };
    expect(Object.values(units).some((count) => count > 0)).toBe(true);
    expect(percentFromUnits(units)['candidate']).toBeGreaterThanOrEqual(Math.min(from, to));
    expect(percentFromUnits(units)['candidate']).toBeLessThanOrEqual(Math.max(from, to));
  }
  expect(units).toEqual(wanted);
});

test('a change that was interrupted between two targets is read as either of two divisions', () => {
  const [first] = orderOfChanges(unitsOf(weights(20)), unitsOf(weights(40)));
  const halfDone = { ...unitsOf(weights(20)), [first!]: unitsOf(weights(40))[first!]! };

  const { weights: one, possibleWeights } = divisionOf(halfDone);

  expect([one, possibleWeights]).toEqual(expect.arrayContaining([weights(20), weights(40)]));
});

test.each([{ stable: 100, candidate: 0 }, { stable: 1, candidate: 1 }, { stable: 40_000, candidate: 40_000, third: 1 }])('weights with another sum are read as their shares: %j', (units) => {
  expect(divisionOf(units)).toEqual({ weights: percentFromUnits(units) });
});

test('the first change starts with the side that has the traffic', () => {
  expect(orderOfChanges({ candidate: 0, stable: 100 }, unitsOf(weights(10)))).toEqual(['stable', 'candidate']);
});

test('the weights of Kong add up, two decimals are exact, and further decimals are rounded', () => {
  expect(unitsOf({ a: 33.33, b: 66.67 })).toEqual({ a: 19_998, b: 40_002 });
  expect(Object.values(unitsOf({ a: 33.3333, b: 33.3333, c: 33.3334 })).reduce((sum, count) => sum + count)).toBe(total);
  expect(nearestWeights({ a: 12.3457, b: 87.6543 })).toEqual({ a: 12.345, b: 87.655 });
});
