import type { Measurement } from '../../../contract/index.ts';
import type { Ms } from '../../../model/ms.ts';
import type { MetricLook, Seen } from '../../judge/metric-look.ts';
import type { MeasurementRecord } from '../../measurement-record.ts';

export type Side = MeasurementRecord['side'];

/** Whose measurements they are. */
export type Origin = Pick<MeasurementRecord, 'step' | 'gate' | 'metric'>;

/** What one side showed at one look, as it is kept: at least one record, so that an empty look leaves a trace too. */
export function recordsOfSide(origin: Origin, side: Side, at: Ms, seen: readonly Measurement[]): readonly MeasurementRecord[] {
  if (seen.length === 0) return [{ ...origin, side, at, value: null, query: '', raw: [], warnings: ['Nothing came back.'] }];
  return seen.map(({ value, samples, series, query, raw, warnings }) => ({
    ...origin,
    side,
    at,
    value: writtenValue(value),
    ...(samples !== undefined && { samples }),
    ...(series !== undefined && { series }),
    query,
    raw,
    warnings,
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
  value === null || Number.isFinite(value) ? value : 'NaN';

/** A look as it was recorded. */
export type RecordedLook = MetricLook & Pick<MeasurementRecord, 'isWarmUp'>;

/** The looks behind the records of one metric, in the order they were recorded. */
export function looksOf(records: readonly MeasurementRecord[]): readonly RecordedLook[] {
  const looks: MeasurementRecord[][] = [];
  for (const record of records) {
    const last = looks.at(-1)?.at(-1);
    if (last && isSameLook(last, record)) looks.at(-1)?.push(record);
    else looks.push([record]);
  }
  return looks.map(lookOf);
}

/** A look is recorded at once, the candidate first; what follows an error or goes back to the candidate is another look. */
const isSameLook = (last: MeasurementRecord, next: MeasurementRecord): boolean =>
  last.at === next.at && (last.side === next.side ? last.error === undefined : next.side === 'baseline');

function lookOf(records: readonly MeasurementRecord[]): RecordedLook {
  const side = (wanted: Side): readonly MeasurementRecord[] => records.filter((record) => record.side === wanted);
  const errorOf = (wanted: Side): string | undefined => side(wanted).find(({ error }) => error !== undefined)?.error;
  const seen = (wanted: Side): readonly Seen[] => side(wanted).filter(({ error }) => error === undefined).map(seenOf);
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

const seenOf = ({ value, samples, series }: MeasurementRecord): Seen => ({
  value: value === 'NaN' ? Number.NaN : value,
  ...(samples !== undefined && { samples }),
  ...(series !== undefined && { series }),
});
