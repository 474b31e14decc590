import { expect, test } from 'vitest';
import { increaseOf } from '../../../src/scrape/increase.ts';

test('an increase is exact between the first and the last look', () => {
  expect(increaseOf([100, 107, 110])).toBe(10);
});

test('a counter that fell has been restarted and counts from 0', () => {
  expect(increaseOf([100, 110, 3, 5])).toBe(15);
});

test('a series that was not there at the first look counts from 0', () => {
  expect(increaseOf([undefined, undefined, 2, 3])).toBe(3);
});

test('a series that was away has been restarted, even when it has grown beyond its former value since', () => {
  expect(increaseOf([5, undefined, 8])).toBe(8);
  expect(increaseOf([5, undefined, 1])).toBe(1);
  expect(increaseOf([5, undefined])).toBe(0);
});

test('one look is no increase', () => {
  expect(increaseOf([42])).toBe(0);
});

test('NaN is not hidden', () => {
  expect(increaseOf([1, Number.NaN, 3])).toBeNaN();
});
