import type { Ms } from '../../model/ms.ts';

/** Texts of a moment in one time zone; without a zone, the machine's own. */
export interface Clock {
  /** `14:03:12` */
  time(at: Ms): string;
  /** `14:03` */
  hourMinute(at: Ms): string;
  /** `20 Nov` */
  day(at: Ms): string;
  /** `2026-11-20 14:03:12` */
  dateTime(at: Ms): string;
  /** `14:03:12`, with the date in front unless it is the day of `now`. */
  near(at: Ms, now: Ms): string;
}

export function clockIn(timeZone?: string): Clock {
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
