import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextOpening } from '../../src/calendar/next-opening.ts';
import { showsOpen, wallClocks } from './wall-clock.ts';

const days = 9;

/** The days around a change of the clocks, and around none. */
const places = [
  { zone: 'Europe/Berlin', around: '2026-03-29' }, // 02:00 → 03:00
  { zone: 'Europe/Berlin', around: '2026-10-25' }, // 03:00 → 02:00
  { zone: 'America/New_York', around: '2026-03-08' },
  { zone: 'America/New_York', around: '2026-11-01' },
  { zone: 'Australia/Lord_Howe', around: '2026-04-05' }, // by half an hour
  { zone: 'Australia/Lord_Howe', around: '2026-10-04' },
  { zone: 'Africa/Cairo', around: '2026-04-24' }, // 00:00 → 01:00: a day without midnight
  { zone: 'America/Santiago', around: '2026-09-06' }, // 00:00 → 01:00
  { zone: 'America/Santiago', around: '2026-04-05' }, // 00:00 → 23:00 of the day before
  { zone: 'Asia/Kolkata', around: '2026-06-01' },
  { zone: 'Pacific/Apia', around: '2011-12-30' }, // a day that does not exist
].map(({ zone, around }) => ({ zone, minutes: wallClocks(zone, Date.parse(`${around}T00:00:00Z`) - 4 * 24 * 3_600_000, days) }));

const weekday = fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');
const dayRule = fc.oneof(
  weekday,
  fc.tuple(weekday, weekday).map(([from, to]) => `${from}..${to}`),
  fc.tuple(fc.constantFrom('first', 'second', 'third', 'fourth', 'last'), weekday).map((words) => words.join(' ')),
);
const twoDigits = (n: number): string => String(n).padStart(2, '0');
const time = fc.tuple(fc.constantFrom(0, 1, 1, 2, 2, 3, 9, 14, 22, 23), fc.constantFrom(0, 0, 15, 30, 45)).map((parts) => parts.map(twoDigits).join(':'));
const hours = fc.tuple(time, fc.oneof(time, fc.constant('24:00'))).filter(([from, to]) => from !== to).map((ends) => ends.join('..'));
const window = fc.record({ days: fc.array(dayRule, { minLength: 1, maxLength: 3 }), hours }, { requiredKeys: [] });

test('the next opening is the first minute at which the clocks of the zone show an hour of the window', () => {
  fc.assert(
    fc.property(fc.constantFrom(...places), window, fc.nat(), fc.nat({ max: 59_999 }), fc.nat({ max: days }), (place, times, start, offset, without) => {
      const { zone, minutes } = place;
      const first = start % minutes.length;
      const except = without < days ? [new Date(minutes[without * 1440]?.day ?? 0).toISOString().slice(0, 10)] : [];
      const from = (minutes[first]?.at ?? 0) + offset;
      const isOpen = showsOpen({ ...times, except });
      const open = minutes.findIndex((clock, n) => n >= first && isOpen(clock));
      const found = nextOpening([{ ...times, zone, except }], from);
      const end = (minutes.at(-1)?.at ?? 0) + 60_000;
      if (open === -1) return found === undefined || found >= end;
      expect(found).toBe(open === first ? from : minutes[open]?.at);
      return true;
    }),
    { numRuns: 1_000 },
  );
});

test('of several windows, the one that opens first counts', () => {
  const everyDay = (hours: string) => ({ hours, zone: 'UTC' });
  const at = Date.parse('2026-12-01T00:00:00Z');
  fc.assert(
    fc.property(fc.array(hours, { minLength: 1, maxLength: 4 }), fc.nat({ max: 1439 }), (all, minute) => {
      const from = at + minute * 60_000;
      const each = all.map((one) => nextOpening([everyDay(one)], from) ?? Infinity);
      expect(nextOpening(all.map(everyDay), from)).toBe(Math.min(...each));
    }),
  );
});
