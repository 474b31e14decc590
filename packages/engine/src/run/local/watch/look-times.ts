import type { WatchOp } from '../../core/operation.ts';
import type { Ms } from '../../../model/ms.ts';

/** When a watch looks: at its beginning, at every interval after it, and at the end of the hold. */
export type Timetable = Pick<WatchOp, 'from' | 'until'> & { readonly everyMs: Ms };

/** The first time after `after`; counted from `from` each time, so that nothing drifts. */
export function nextLookAfter({ from, until, everyMs }: Timetable, after: Ms): Ms {
  const next = after < from ? from : from + (Math.floor((after - from) / everyMs) + 1) * everyMs;
  return until !== undefined && until > Math.max(after, from) && until < next ? until : next;
}

/** The latest time that has come, or nothing before the beginning. */
export function latestLookBy({ from, until, everyMs }: Timetable, now: Ms): Ms | undefined {
  if (now < from) return undefined;
  const latest = from + Math.floor((now - from) / everyMs) * everyMs;
  return until !== undefined && until <= now && until > latest ? until : latest;
}

/** The times after `after` up to and including `to`, oldest first, at most `most` of them. */
export function looksBetween(timetable: Timetable, after: Ms, to: Ms, most: number): readonly Ms[] {
  const times: Ms[] = [];
  for (let at = nextLookAfter(timetable, after); at <= to && times.length < most; at = nextLookAfter(timetable, at)) times.push(at);
  return times;
}
