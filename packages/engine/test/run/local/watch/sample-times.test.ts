import fc from 'fast-check';
import { expect, test } from 'vitest';
import { latestSampleBy, samplesBetween, nextSampleAfter } from '../../../../src/run/local/watch/sample-times.ts';

const timetable = fc.record({ from: fc.nat(1_000), everyMs: fc.integer({ min: 1, max: 50 }), until: fc.nat(2_000) });

test('the next sample after a time is the earliest that follows it', () => {
  fc.assert(
    fc.property(timetable, fc.nat(2_000), (one, after) => {
      const all = Array.from({ length: 3_100 }, (_, i) => one.from + i * one.everyMs);
      if (one.until > one.from) all.push(one.until);
      const expected = Math.min(...all.filter((at) => at > after));
      expect(nextSampleAfter(one, after)).toBe(expected);
    }),
  );
});

test('the latest sample by a time is the last of those up to it', () => {
  fc.assert(
    fc.property(timetable, fc.nat(1_500), (one, later) => {
      const now = one.from + later;
      expect(latestSampleBy(one, now)).toBe(samplesBetween(one, one.from - 1, now, Infinity).at(-1));
    }),
  );
});

test('before the beginning of a watch there is no sample', () => {
  expect(latestSampleBy({ from: 100, everyMs: 10 }, 99)).toBeUndefined();
});
