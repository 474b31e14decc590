import type { Measurement } from '../../../contract/index.ts';
import type { Ms } from '../../../model/ms.ts';
import type { Sample, SeriesValue } from '../../judge/sample.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';

export type Side = MeasurementRecord['side'];

/** Whose measurements they are. */
export type Origin = Pick<MeasurementRecord, 'step' | 'gate' | 'metric'>;

/** One side of one sample, as it is kept: at least one record, so that an empty sample is recorded, too. */
export function recordsOfSide(origin: Origin, side: Side, at: Ms, seen: readonly Measurement[]): readonly MeasurementRecord[] {
  if (seen.length === 0) return [{ ...origin, side, at, value: null, query: '', raw: [], warnings: ['The metric returned nothing.'] }];
  return seen.map(({ value, samples, series, query, raw, warnings, partial }) => ({
    ...origin,
    side,
    at,
    value: writtenValue(value),
    ...(samples !== undefined && { samples }),
    ...(series !== undefined && { series }),
    query,
    raw,
    warnings,
    ...(partial !== undefined && { partial }),
  }));
}

export const recordOfError = (origin: Origin, side: Side, at: Ms, error: string): MeasurementRecord => ({
  ...origin,
  side,
  at,
  value: null,
  query: '',
  raw: null,
  warnings: [],
  error,
});

const writtenValue = (value: number | null): MeasurementRecord['value'] =>
  value === null || Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity');

/** A sample as it was recorded. */
export type RecordedSample = Sample & Pick<MeasurementRecord, 'isWarmUp'>;

/** The samples of one metric from its records, in the order in which they were recorded. */
export function samplesOf(records: readonly MeasurementRecord[]): readonly RecordedSample[] {
  const samples: MeasurementRecord[][] = [];
  for (const record of records) {
    const last = samples.at(-1)?.at(-1);
    if (last && isSameSample(last, record)) samples.at(-1)?.push(record);
    else samples.push([record]);
  }
  return samples.map(sampleOf);
}

/** A sample is recorded at once, the candidate first; a record after an error, or of the candidate again, belongs to another sample. */
const isSameSample = (last: MeasurementRecord, next: MeasurementRecord): boolean =>
  last.at === next.at && (last.side === next.side ? last.error === undefined : next.side === 'baseline');

function sampleOf(records: readonly MeasurementRecord[]): RecordedSample {
  const side = (wanted: Side): readonly MeasurementRecord[] => records.filter((record) => record.side === wanted);
  const errorOf = (wanted: Side): string | undefined => side(wanted).find(({ error }) => error !== undefined)?.error;
  const seen = (wanted: Side): readonly SeriesValue[] => side(wanted).filter(({ error }) => error === undefined).map(seenOf);
  const error = errorOf('candidate');
  const baselineError = errorOf('baseline');
  return {
    at: records[0]?.at ?? 0,
    candidate: seen('candidate'),
    baseline: seen('baseline'),
    ...(error !== undefined && { error }),
    ...(baselineError !== undefined && { baselineError }),
    ...(records[0]?.isWarmUp && { isWarmUp: true }),
  };
}

const seenOf = ({ value, samples, series, partial }: MeasurementRecord): SeriesValue => ({
  value: value === null ? null : Number(value),
  ...(samples !== undefined && { samples }),
  ...(series !== undefined && { series }),
  ...(partial !== undefined && { partial }),
});
