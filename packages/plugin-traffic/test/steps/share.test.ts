import { expect, test } from 'vitest';
import { isShareAsAsked, requestsToTell } from '../../src/steps/share.ts';

test('a served share within the interval of the asked share fits', () => {
  expect(isShareAsAsked({ requests: 10, of: 100 }, 10)).toBe(true);
  expect(isShareAsAsked({ requests: 19, of: 100 }, 10)).toBe(true);
  expect(isShareAsAsked({ requests: 20, of: 100 }, 10)).toBe(false);
});

test('at 0% and 100% not a single request may differ', () => {
  expect(isShareAsAsked({ requests: 0, of: 50 }, 0)).toBe(true);
  expect(isShareAsAsked({ requests: 1, of: 5000 }, 0)).toBe(false);
  expect(isShareAsAsked({ requests: 4999, of: 5000 }, 100)).toBe(false);
});

test.each([
  { previous: 0, asked: 10 },
  { previous: 10, asked: 50 },
  { previous: 50, asked: 100 },
  { previous: 10, asked: 0 },
  { previous: 0, asked: 1 },
  { previous: 25, asked: 30 },
])('the required requests tell $asked % from the previous $previous %', ({ previous, asked }) => {
  const of = requestsToTell(asked, previous);
  expect(of).toBeGreaterThanOrEqual(30);
  expect(isShareAsAsked({ requests: Math.round((of * previous) / 100), of }, asked)).toBe(false);
  expect(isShareAsAsked({ requests: Math.round((of * asked) / 100), of }, asked)).toBe(true);
});

test('a smaller change requires more requests', () => {
  expect(requestsToTell(10, 0)).toBe(98);
  expect(requestsToTell(11, 10)).toBeGreaterThan(10_000);
});

test('a share that does not change is told from a share of 0', () => {
  expect(requestsToTell(10, 10)).toBe(requestsToTell(10, 0));
  expect(requestsToTell(0, 0)).toBe(30);
});
