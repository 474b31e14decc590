import { expect, test } from 'vitest';
import { createSideChooser } from '../../src/relpipe-router/data-path/side-chooser.ts';
import { parseWeights } from '../../src/relpipe-router/parse-weights.ts';

const sides = ['stable', 'candidate'];

test('weights with decimals that add up to 100 are accepted as they are', () => {
  expect(parseWeights({ candidate: 0.1, stable: 99.9 }, sides)).toEqual({ stable: 99.9, candidate: 0.1 });
  expect(parseWeights({ a: 33.3, b: 33.3, c: 33.4 }, ['a', 'b', 'c'])).toEqual({ a: 33.3, b: 33.3, c: 33.4 });
});

test.each([
  [{ stable: 0, candidate: 0 }, 'every weight is 0'],
  [{ stable: 90, candidate: 20 }, 'add up to 110'],
  [{ stable: 100 }, 'side "candidate" has no weight'],
  [{ stable: 100, candidate: 0, other: 0 }, 'there is no side "other"'],
  [{ stable: 101, candidate: -1 }, 'the weight of "candidate" must be from 0 to 100; found -1'],
  [{ stable: '100', candidate: 0 }, 'the weight of "stable" is not a number'],
  [{ stable: Number.NaN, candidate: 0 }, 'the weight of "stable" is not a number'],
  [{ stable: 99.99999, candidate: 0.00001 }, 'more than four decimals'],
  [null, 'side "stable" has no weight'],
])('the weights %j are refused with the reason', (value, reason) => {
  expect(() => parseWeights(value, sides)).toThrow(reason);
});

test.each([
  [90, 10],
  [99.9, 0.1],
  [50, 50],
  [66.6667, 33.3333],
  [1, 99],
])('every prefix of choices at %d/%d is within one request of its share', (stable, candidate) => {
  const choose = createSideChooser([stable, candidate]);
  let chosen = 0;
  for (let n = 1; n <= 5000; n += 1) {
    chosen += choose();
    expect(Math.abs(chosen - (n * candidate) / 100)).toBeLessThanOrEqual(1);
  }
});

test('a side of weight 0 is never chosen', () => {
  const choose = createSideChooser([0, 100, 0]);
  expect(new Set(Array.from({ length: 1000 }, choose))).toEqual(new Set([1]));
});
