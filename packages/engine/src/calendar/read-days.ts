/** Days of the week from Monday, 1, to Sunday, 7; `nth`: only the first, second, … or last of each month. */
export interface DayRule {
  readonly weekdays: readonly number[];
  readonly nth?: number | 'last';
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const places = ['first', 'second', 'third', 'fourth', 'last'] as const;

const range = /^([a-z]{3})\.\.([a-z]{3})$/;
const place = /^([a-z]+) ([a-z]{3})$/;

/** `tue`, `mon..thu`, `first tue`, `last fri`; undefined for anything else. */
export function readDays(text: string): DayRule | undefined {
  const [, first = text, last = first] = range.exec(text) ?? [];
  const [from, to] = [weekdayOf(first), weekdayOf(last)];
  if (from !== undefined && to !== undefined) return { weekdays: weekdaysFrom(from, to) };
  const [, nth = '', day = ''] = place.exec(text) ?? [];
  const weekday = weekdayOf(day);
  const count = places.findIndex((word) => word === nth);
  if (weekday === undefined || count < 0) return undefined;
  return { weekdays: [weekday], nth: nth === 'last' ? 'last' : count + 1 };
}

/** Over the weekend where it ends earlier in the week than it starts: `fri..mon`. */
const weekdaysFrom = (from: number, to: number): readonly number[] =>
  Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, n) => ((from - 1 + n) % 7) + 1);

function weekdayOf(text: string): number | undefined {
  const found = weekdays.findIndex((name) => name === text);
  return found < 0 ? undefined : found + 1;
}

const dayOfMonth = /^(?:(first|second|third|fourth|last|1st|2nd|3rd|4th)\s+)?([a-z]{3})[a-z]*$/i;
const writtenElsewhere: Readonly<Record<string, string>> = { '1st': 'first', '2nd': 'second', '3rd': 'third', '4th': 'fourth' };

/** What somebody most likely meant: `tue` for `Tuesday`. */
export function likelyDays(text: string): readonly string[] {
  const ends = text.split(/\s*(?:\.\.|-|–)\s*/);
  const read = ends.map((end) => {
    const [, nth, day = ''] = dayOfMonth.exec(end.trim()) ?? [];
    const word = nth?.toLowerCase();
    return [...(word === undefined ? [] : [writtenElsewhere[word] ?? word]), day.toLowerCase()].join(' ');
  });
  const meant = read.join('..');
  return meant !== text && readDays(meant) ? [meant] : [];
}
