import { expect, test } from 'vitest';
import { increaseOf } from '../../src/scrape/increase.ts';

test('an increase is exact between the first and the last scrape', () => {
  expect(increaseOf([100, 107, 110])).toBe(10);
});

test('a counter that decreased was restarted and counts from 0', () => {
  expect(increaseOf([100, 110, 3, 5])).toBe(15);
});

test('a series that was missing in the first scrape counts from 0', () => {
  expect(increaseOf([undefined, undefined, 2, 3])).toBe(3);
});

test('a series that was missing in between was restarted, even when it exceeds its previous value', () => {
  expect(increaseOf([5, undefined, 8])).toBe(8);
  expect(increaseOf([5, undefined, 1])).toBe(1);
  expect(increaseOf([5, undefined])).toBe(0);
});

test('one scrape has no increase', () => {
  expect(increaseOf([42])).toBe(0);
});

test('an increase with NaN is NaN', () => {
  expect(increaseOf([1, Number.NaN, 3])).toBeNaN();
});
