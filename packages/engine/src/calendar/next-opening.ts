import { Temporal } from 'temporal-polyfill';
import type { Ms } from '../model/ms.ts';
import { type DayRule, readDays } from './read-days.ts';
import { type Dates, readDates } from './read-dates.ts';
import { type Hours, readHours } from './read-hours.ts';
import type { Window } from './window.ts';

/** How far ahead an opening is looked for. */
const daysAhead = 366;

/**
 * The first moment from `from` on at which one of the windows is open: `from` itself while one is. Undefined where none opens within a
 * year.
 */
export function nextOpening(windows: readonly Window[], from: Ms): Ms | undefined {
  const moments = windows.flatMap((window) => openingOf(window, from) ?? []);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

/** `Tue 2026-12-01 09:00` */
export function momentText(at: Ms, zone: string): string {
  const moment = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const time = moment.toPlainTime().toString({ smallestUnit: 'minute' });
  return `${moment.toLocaleString('en-US', { weekday: 'short' })} ${moment.toPlainDate().toString()} ${time}`;
}

interface Times {
  readonly days: readonly DayRule[];
  readonly hours: Hours;
  readonly except: readonly Dates[];
}

/**
 * A window opens when the wall clock reaches its first minute, which may happen twice or never on a day, or where the clock is set, forward
 * or back, into its hours.
 */
function openingOf(window: Window, from: Ms): Ms | undefined {
  const times = timesOf(window);
  const now = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(window.zone);
  if (isOpen(times, now)) return from;
  const regular = firstOpen(times, startsAfter(times, now));
  const until = regular ?? now.add({ days: daysAhead });
  return (firstOpen(times, clockChanges(now, until)) ?? regular)?.epochMilliseconds;
}

const timesOf = ({ days = ['mon..sun'], hours = '00:00..24:00', except = [] }: Window): Times => ({
  days: days.flatMap((text) => readDays(text) ?? []),
  hours: readHours(hours) ?? { from: 0, to: 0 },
  except: except.flatMap((text) => readDates(text) ?? []),
});

/** Hours over midnight belong to the day on which they start. */
function isOpen({ days, hours: { from, to }, except }: Times, at: Temporal.ZonedDateTime): boolean {
  const minute = at.hour * 60 + at.minute;
  const isDay = (date: Temporal.PlainDate): boolean => isDayOf(days, except, date);
  if (from < to) return minute >= from && minute < to && isDay(at.toPlainDate());
  return (minute >= from && isDay(at.toPlainDate())) || (minute < to && isDay(at.toPlainDate().subtract({ days: 1 })));
}

function isDayOf(days: readonly DayRule[], except: readonly Dates[], date: Temporal.PlainDate): boolean {
  const text = date.toString();
  return days.some((rule) => matches(rule, date)) && !except.some(({ from, to }) => from <= text && text <= to);
}

function matches({ weekdays, nth }: DayRule, { dayOfWeek, day, daysInMonth }: Temporal.PlainDate): boolean {
  if (!weekdays.includes(dayOfWeek)) return false;
  if (nth === undefined) return true;
  return nth === 'last' ? day + 7 > daysInMonth : Math.ceil(day / 7) === nth;
}

/** Each moment after `now` at which the wall clock shows the first minute of the window on one of its days. */
function* startsAfter({ days, hours, except }: Times, now: Temporal.ZonedDateTime): Generator<Temporal.ZonedDateTime> {
  const time = new Temporal.PlainTime(Math.floor(hours.from / 60), hours.from % 60);
  for (let n = 0; n <= daysAhead; n += 1) {
    const date = now.toPlainDate().add({ days: n });
    if (!isDayOf(days, except, date)) continue;
    for (const disambiguation of ['earlier', 'later'] as const) {
      const start = date.toPlainDateTime(time).toZonedDateTime(now.timeZoneId, { disambiguation });
      if (start.epochMilliseconds > now.epochMilliseconds) yield start;
    }
  }
}

/** Each moment after `now` at which the wall clock is set, before `until`. */
function* clockChanges(now: Temporal.ZonedDateTime, until: Temporal.ZonedDateTime): Generator<Temporal.ZonedDateTime> {
  for (let at = now.getTimeZoneTransition('next'); at && at.epochMilliseconds < until.epochMilliseconds; at = at.getTimeZoneTransition('next')) yield at;
}

function firstOpen(times: Times, moments: Iterable<Temporal.ZonedDateTime>): Temporal.ZonedDateTime | undefined {
  for (const moment of moments) if (isOpen(times, moment)) return moment;
  return undefined;
}
