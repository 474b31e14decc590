import type { Ms } from '../../model/ms.ts';

/** Texts of a moment in one time zone; without a zone, the machine's own. */
export interface WallClock {
  /** `14:03:12` */
  time(at: Ms): string;
  /** `14:03` */
  hourMinute(at: Ms): string;
  /** `20 Nov` */
  day(at: Ms): string;
  /** `2026-11-20 14:03:12` */
  dateTime(at: Ms): string;
  /** `2026-11-20 14:03:12 UTC`, for lines that are read elsewhere or on another day. */
  dateTimeZone(at: Ms): string;
  /** `14:03:12`, with the date in front unless it is the day of `now`. */
  near(at: Ms, now: Ms): string;
}

export function clockIn(timeZone?: string): WallClock {
  const read = timeZone === undefined ? ownTime : timeIn(timeZone);
  const part = (at: Ms, ...names: readonly Part[]): readonly string[] => {
    const all = read(at);
    return names.map((name) => all[name] ?? '');
  };
  const date = (at: Ms): string => part(at, 'year', 'month', 'day').join('-');
  const time = (at: Ms): string => part(at, 'hour', 'minute', 'second').join(':');
  return {
    time,
    hourMinute: (at) => part(at, 'hour', 'minute').join(':'),
    day: (at) => dayText(part(at, 'day', 'month')),
    dateTime: (at) => `${date(at)} ${time(at)}`,
    dateTimeZone: (at) => `${date(at)} ${time(at)} ${timeZone ?? ownZone(at)}`,
    near: (at, now) => (date(at) === date(now) ? time(at) : `${date(at)} ${time(at)}`),
  };
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';
type ReadTime = (at: Ms) => Readonly<Partial<Record<Part, string>>>;

/** Without `Intl`, which takes 30 ms to make its first format: every run would wait for it. */
const ownTime: ReadTime = (at) => {
  const moment = new Date(at);
  return {
    year: String(moment.getFullYear()),
    month: twoDigits(moment.getMonth() + 1),
    day: twoDigits(moment.getDate()),
    hour: twoDigits(moment.getHours()),
    minute: twoDigits(moment.getMinutes()),
    second: twoDigits(moment.getSeconds()),
  };
};

/** `UTC`, else the offset from it: `+02:00`. */
function ownZone(at: Ms): string {
  const minutes = -new Date(at).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(Math.abs(minutes) / 60))}:${twoDigits(Math.abs(minutes) % 60)}`;
}

const twoDigits = (n: number): string => String(n).padStart(2, '0');

function timeIn(timeZone: string): ReadTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const dayText = ([day, month]: readonly string[]): string => `${Number(day)} ${months[Number(month) - 1] ?? ''}`;

/** A length of time for people, two units at most: `40 ms`, `1.2 s`, `12 s`, `3 m 04 s`, `1 h 05 m`, `2 d 3 h`. */
export function durationText(ms: Ms): string {
  if (ms < 0) return `-${durationText(-ms)}`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} m ${twoDigits(s % 60)} s`;
  const m = Math.round(s / 60);
  if (m < 24 * 60) return `${Math.floor(m / 60)} h ${twoDigits(m % 60)} m`;
  const h = Math.round(m / 60);
  return `${Math.floor(h / 24)} d ${h % 24} h`;
}
