import type { Measurement } from '../../../contract/index.ts';
import type { Ms } from '../../../model/ms.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import type { Answer } from './asker.ts';
import { byLook } from './by-look.ts';
import { looksBetween, type Timetable } from './look-times.ts';
import { recordOfError, recordsOfSide } from './measurement-records.ts';
import type { MetricWatch } from './metric-watch.ts';

/** Servers refuse ranges of more than a few thousand points; and what is found early is told early. */
const mostLooksAtOnce = 500;

/** The looks a metric is behind with: all that were missed where it answers for the past, else only the latest. */
export function looksDue(watch: MetricWatch, timetable: Timetable, latest: Ms): readonly Ms[] {
  if (watch.askedUntil >= latest) return [];
  return watch.answersForThePast ? looksBetween(timetable, watch.askedUntil, latest, mostLooksAtOnce) : [latest];
}

/** Asks both sides at the same time and gives what is to be recorded, look by look, the candidate first. */
export async function lookAtMetric(
  watch: MetricWatch,
  due: readonly Ms[],
  from: Ms,
  stop: AbortSignal,
): Promise<readonly MeasurementRecord[]> {
  const to = due.at(-1) ?? from;
  const look = { window: { from, to }, at: due };
  const [candidate, baseline] = await Promise.all([watch.candidate(look, stop), watch.baseline?.(look, stop)]);
  if ('error' in candidate || (baseline && 'error' in baseline)) return recordsOfTrouble(watch, to, candidate, baseline, due);
  const candidates = byLook(candidate.measurements, due);
  const baselines = baseline && byLook(baseline.measurements, due);
  return due.flatMap((at) => {
    const seen = candidates.get(at) ?? [];
    const records = [
      ...recordsOfSide(watch.origin, 'candidate', at, seen),
      ...(baselines ? recordsOfSide(watch.origin, 'baseline', at, baselines.get(at) ?? []) : []),
    ];
    return isWarmUp(watch, seen, at, from) ? records.map((record) => ({ ...record, isWarmUp: true as const })) : records;
  });
}

/** The other side's values count only for the last look; the looks before it are asked for again, and would be kept twice. */
function recordsOfTrouble(
  watch: MetricWatch,
  at: Ms,
  candidate: Answer,
  baseline: Answer | undefined,
  due: readonly Ms[],
): readonly MeasurementRecord[] {
  const recordsOf = (side: MeasurementRecord['side'], answer: Answer): readonly MeasurementRecord[] =>
    'error' in answer
      ? [recordOfError(watch.origin, side, at, answer.error)]
      : recordsOfSide(watch.origin, side, at, byLook(answer.measurements, due).get(at) ?? []);
  return [...recordsOf('candidate', candidate), ...(baseline ? recordsOf('baseline', baseline) : [])];
}

/**
 * Nothing is there yet: at the very beginning the window has no length, and a metric that compares two looks forgot the
 * former one with the process. Its next look tells.
 */
function isWarmUp(watch: MetricWatch, seen: readonly Measurement[], at: Ms, from: Ms): boolean {
  const isFirst = at === from || (!watch.answersForThePast && !watch.hasAnswered);
  return isFirst && seen.every(({ value }) => value === null);
}
