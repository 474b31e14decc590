import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latestLookBy, looksBetween, nextLookAfter } from '../../../../src/run/local/watch/look-times.ts';

const timetable = fc.record({ from: fc.nat(1_000), everyMs: fc.integer({ min: 1, max: 50 }), until: fc.nat(2_000) });

test('the next look after a time is the earliest that lies behind it', () => {
  fc.assert(
    fc.property(timetable, fc.nat(2_000), (one, after) => {
      const all = Array.from({ length: 3_100 }, (_, i) => one.from + i * one.everyMs);
      if (one.until > one.from) all.push(one.until);
      const expected = Math.min(...all.filter((at) => at > after));
      expect(nextLookAfter(one, after)).toBe(expected);
    }),
  );
});

test('the latest look by a time is one that the looks up to it end with', () => {
  fc.assert(
    fc.property(timetable, fc.nat(1_500), (one, later) => {
      const now = one.from + later;
      expect(latestLookBy(one, now)).toBe(looksBetween(one, one.from - 1, now, Infinity).at(-1));
    }),
  );
});

test('before the beginning there is none', () => {
  expect(latestLookBy({ from: 100, everyMs: 10 }, 99)).toBeUndefined();
});
