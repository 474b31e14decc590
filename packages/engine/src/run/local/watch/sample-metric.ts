import type { Measurement } from '../../../contract/index.ts';
import type { Ms } from '../../../model/ms.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';
import { recordOfError, recordsOfSide } from './measurement-records.ts';
import type { MetricWatch } from './metric-watch.ts';
import { samplesBetween, type Timetable } from './sample-times.ts';
import type { Sampler, SampleResult } from './sampler.ts';

/** Servers refuse ranges of more than a few thousand points; and a breach that is found early is reported early. */
const maximumAtOnce = 500;

/** The times of which a metric still lacks a sample: all that were missed where it answers for the past, else only the latest. */
export function samplesDue(watch: MetricWatch, timetable: Timetable, latest: Ms): readonly Ms[] {
  if (watch.sampledUntil >= latest) return [];
  return watch.answersForThePast ? samplesBetween(timetable, watch.sampledUntil, latest, maximumAtOnce) : [latest];
}

/** Samples both sides at the same time; returns what is to be recorded, sample by sample, the candidate first. */
export async function sampleMetric(
  watch: MetricWatch,
  due: readonly Ms[],
  from: Ms,
  stop: AbortSignal,
): Promise<readonly MeasurementRecord[]> {
  const to = due.at(-1) ?? from;
  const request = { window: { from, to }, at: due };
  const ask = async (side: Sampler): Promise<SampleResult> => ofItsTime(await side(request, stop), due);
  const [candidate, baseline] = await Promise.all([ask(watch.candidate), watch.baseline && ask(watch.baseline)]);
  if ('error' in candidate || (baseline && 'error' in baseline)) return recordsOfError(watch, to, candidate, baseline, due);
  const candidates = bySample(candidate.measurements, due);
  const baselines = baseline && bySample(baseline.measurements, due);
  return due.flatMap((at) => {
    const seen = candidates.get(at) ?? [];
    const records = [
      ...recordsOfSide(watch.origin, 'candidate', at, seen),
      ...(baselines ? recordsOfSide(watch.origin, 'baseline', at, baselines.get(at) ?? []) : []),
    ];
    return isWarmUp(watch, seen, at, from) ? records.map((record) => ({ ...record, isWarmUp: true as const })) : records;
  });
}

/** The clock of a server may be off by minutes; a measurement that is further away was not made for any of these samples. */
const maximumDistanceMs = 5 * 60_000;

function ofItsTime(result: SampleResult, due: readonly Ms[]): SampleResult {
  if ('error' in result) return result;
  const stray = result.measurements.find(({ at }) => Math.abs(at - nearest(at, due)) > maximumDistanceMs);
  return stray === undefined ? result : { error: `it returned a measurement of ${timeText(stray.at)} for a sample of ${timeText(nearest(stray.at, due))}` };
}

const timeText = (at: Ms): string => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at));

/** The other side's values count only for the last sample; those before it are taken again, and would be kept twice. */
function recordsOfError(
  watch: MetricWatch,
  at: Ms,
  candidate: SampleResult,
  baseline: SampleResult | undefined,
  due: readonly Ms[],
): readonly MeasurementRecord[] {
  const recordsOf = (side: MeasurementRecord['side'], result: SampleResult): readonly MeasurementRecord[] =>
    'error' in result
      ? [recordOfError(watch.origin, side, at, result.error)]
      : recordsOfSide(watch.origin, side, at, bySample(result.measurements, due).get(at) ?? []);
  return [...recordsOf('candidate', candidate), ...(baseline ? recordsOf('baseline', baseline) : [])];
}

/**
 * Nothing can be there yet: at the very start the window has no length, and a metric that compares two samples lost the previous one
 * with its process. The next sample has a value.
 */
function isWarmUp(watch: MetricWatch, seen: readonly Measurement[], at: Ms, from: Ms): boolean {
  const isFirst = at === from || (!watch.answersForThePast && !watch.hasAnswered);
  return isFirst && seen.every(({ value }) => value === null);
}

/** Each measurement belongs to the sample it is nearest to: a metric may report when exactly it measured. */
function bySample(measurements: readonly Measurement[], due: readonly Ms[]): ReadonlyMap<Ms, readonly Measurement[]> {
  const samples = new Map<Ms, Measurement[]>(due.map((at) => [at, []]));
  for (const one of measurements) (samples.get(one.at) ?? samples.get(nearest(one.at, due)))?.push(one);
  return samples;
}

const nearest = (moment: Ms, [first = moment, ...others]: readonly Ms[]): Ms =>
  others.reduce((best, at) => (Math.abs(at - moment) < Math.abs(best - moment) ? at : best), first);
