import { expect, test } from 'vitest';
import { isShareAsAsked, requestsToTell } from '../../src/share/served-share.ts';

test('a share within the binomial interval of the asked one fits', () => {
  expect(isShareAsAsked({ requests: 10, of: 100 }, 10)).toBe(true);
  expect(isShareAsAsked({ requests: 19, of: 100 }, 10)).toBe(true);
  expect(isShareAsAsked({ requests: 20, of: 100 }, 10)).toBe(false);
});

test('at 0% and 100% not one request may stray', () => {
  expect(isShareAsAsked({ requests: 0, of: 50 }, 0)).toBe(true);
  expect(isShareAsAsked({ requests: 1, of: 5000 }, 0)).toBe(false);
  expect(isShareAsAsked({ requests: 4999, of: 5000 }, 100)).toBe(false);
});

test.each([
  { former: 0, asked: 10 },
  { former: 10, asked: 50 },
  { former: 50, asked: 100 },
  { former: 10, asked: 0 },
  { former: 0, asked: 1 },
  { former: 25, asked: 30 },
])('enough requests tell $asked % from the former $former %', ({ former, asked }) => {
  const of = requestsToTell(asked, former);
  expect(of).toBeGreaterThanOrEqual(30);
  expect(isShareAsAsked({ requests: Math.round((of * former) / 100), of }, asked)).toBe(false);
  expect(isShareAsAsked({ requests: Math.round((of * asked) / 100), of }, asked)).toBe(true);
});

test('a smaller change needs more requests', () => {
  expect(requestsToTell(10, 0)).toBe(98);
  expect(requestsToTell(11, 10)).toBeGreaterThan(10_000);
});

test('a share that stays as it was is told from none at all', () => {
  expect(requestsToTell(10, 10)).toBe(requestsToTell(10, 0));
  expect(requestsToTell(0, 0)).toBe(30);
});
