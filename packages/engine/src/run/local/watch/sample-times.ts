import type { Ms } from '../../../model/ms.ts';
import type { WatchOp } from '../../core/operation.ts';

/** When a watch takes samples: at its start, at every interval after it, and at the end of the hold. */
export type Timetable = Pick<WatchOp, 'from' | 'until'> & { readonly everyMs: Ms };

/** The first time after `after`; counted from `from` each time, so that nothing drifts. */
export function nextSampleAfter({ from, until, everyMs }: Timetable, after: Ms): Ms {
  const next = after < from ? from : from + (Math.floor((after - from) / everyMs) + 1) * everyMs;
  return until !== undefined && until > Math.max(after, from) && until < next ? until : next;
}

/** The latest sample time that has passed; undefined before the first one. */
export function latestSampleBy({ from, until, everyMs }: Timetable, now: Ms): Ms | undefined {
  if (now < from) return undefined;
  const latest = from + Math.floor((now - from) / everyMs) * everyMs;
  return until !== undefined && until <= now && until > latest ? until : latest;
}

/** The times after `after` up to and including `to`, oldest first, at most `maximum` of them. */
export function samplesBetween(timetable: Timetable, after: Ms, to: Ms, maximum: number): readonly Ms[] {
  const times: Ms[] = [];
  for (let at = nextSampleAfter(timetable, after); at <= to && times.length < maximum; at = nextSampleAfter(timetable, at)) times.push(at);
  return times;
}
