import type { Window } from '../../src/calendar/window.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** What the clocks of a zone show at each minute of some days, read from the platform and without the library under test. */
export function wallClocks(zone: string, from: number, days: number): readonly WallClock[] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
  return Array.from({ length: days * 24 * 60 }, (_, n) => {
    const at = from + n * minuteMs;
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return { at, day: Date.UTC(Number(part['year']), Number(part['month']) - 1, Number(part['day'])), minute: Number(part['hour']) * 60 + Number(part['minute']) };
  });
}

export interface WallClock {
  readonly at: number;
  /** Midnight UTC of the date that the clock shows. */
  readonly day: number;
  readonly minute: number;
}

/** By the words of the language: wall-clock time, over midnight the hours of the day before. */
export function showsOpen({ days = ['mon..sun'], hours = '00:00..24:00', except = [] }: Omit<Window, 'zone'>): (clock: Omit<WallClock, 'at'>) => boolean {
  const [from = 0, to = 0] = hours.split('..').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  const known = new Map<number, boolean>();
  const isDay = (date: number): boolean => {
    if (!known.has(date)) known.set(date, days.some((rule) => fits(rule, new Date(date))) && !except.some((range) => contains(range, date)));
    return known.get(date) === true;
  };
  if (from < to) return ({ day, minute }) => minute >= from && minute < to && isDay(day);
  return ({ day, minute }) => (minute >= from && isDay(day)) || (minute < to && isDay(day - dayMs));
}

const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const places = ['first', 'second', 'third', 'fourth'];

function fits(rule: string, date: Date): boolean {
  const [name = rule, place] = rule.split(' ').reverse();
  const [first = '', last = first] = name.split('..');
  const length = (names.indexOf(last) - names.indexOf(first) + 7) % 7;
  if ((date.getUTCDay() - names.indexOf(first) + 7) % 7 > length) return false;
  if (place === undefined) return true;
  const inAWeek = new Date(date.getTime() + 7 * dayMs);
  return place === 'last' ? inAWeek.getUTCMonth() !== date.getUTCMonth() : Math.floor((date.getUTCDate() - 1) / 7) === places.indexOf(place);
}

function contains(range: string, day: number): boolean {
  const [from = '', to = from] = range.split('..');
  return day >= Date.parse(`${from}T00:00:00Z`) && day <= Date.parse(`${to}T00:00:00Z`);
}
