import type { Unit } from '../../../contract/index.ts';
import type { Ms } from '../../../model/ms.ts';
import type { PlanMetric } from '../../../plan/plan.ts';
import { reducers } from '../../../run/judge/sample.ts';
import { quantityText } from '../../../run/judge/texts.ts';
import type { MeasurementRecord } from '../../../run/measurement-record.ts';
import { counted } from '../../../util/phrases.ts';
import type { WallClock } from '../../text/times.ts';
import { html, type Html } from '../html.ts';
import { linePath, type Plot, type TimedValue } from './plot.ts';

/** Samples that were taken without a break; a line is drawn inside one, never between two. */
export type Stretch = readonly TimedValue[];

/** A time in which there was nothing to draw. */
interface Gap {
  readonly kind: 'no-data' | 'error';
  readonly from: Ms;
  readonly to: Ms;
  readonly samples: number;
  readonly why?: string;
}

export interface Series {
  readonly side: MeasurementRecord['side'];
  /** Labels of the series, where there are several and nothing reduces them. */
  readonly name?: string;
  readonly stretches: readonly Stretch[];
  readonly gaps: readonly Gap[];
}

/** Measurements further apart than so many samples are not joined. */
const samplesToGap = 2.5;

/** The measurements of one metric as lines with gaps: one a side, or one a side and series. */
export function metricSeries(measurements: readonly MeasurementRecord[], metric: PlanMetric, everyMs: Ms): readonly Series[] {
  const lines = new Map<string, MeasurementRecord[]>();
  for (const one of measurements) {
    const key = JSON.stringify([one.side, metric.reduce === undefined ? (one.series ?? '') : '']);
    const line = lines.get(key);
    if (line) line.push(one);
    else lines.set(key, [one]);
  }
  return [...lines.values()].flatMap((records) => {
    const [first] = records;
    if (first === undefined) return [];
    const name = metric.reduce === undefined && first.series !== undefined ? { name: first.series } : {};
    return [{ side: first.side, ...name, ...lineOf(samplesOf(records, metric.reduce), everyMs) }];
  });
}

/** One sample: its value, or why there is none. */
interface TimedSample {
  readonly at: Ms;
  readonly step: string;
  readonly value?: number;
  readonly error?: string;
}

function samplesOf(records: readonly MeasurementRecord[], reduce: PlanMetric['reduce']): readonly TimedSample[] {
  const byTime = Map.groupBy([...records].sort((a, b) => a.at - b.at), ({ at, step }) => `${at} ${step}`);
  return [...byTime.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const values = group.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
    const error = group.find((one) => one.error !== undefined)?.error;
    const sample = { at: first.at, step: first.step };
    if (error !== undefined) return [{ ...sample, error }];
    return [values.length === 0 ? sample : { ...sample, value: reducers[reduce ?? 'max'](values) }];
  });
}

function lineOf(samples: readonly TimedSample[], everyMs: Ms): Pick<Series, 'stretches' | 'gaps'> {
  const stretches: TimedValue[][] = [];
  const gaps: Gap[] = [];
  let before: TimedSample | undefined;
  for (const sample of samples) {
    const joined = before?.step === sample.step && sample.at - before.at <= samplesToGap * everyMs;
    if (sample.value === undefined) widen(gaps, sample, joined, everyMs);
    else if (joined && before?.value !== undefined) stretches.at(-1)?.push({ at: sample.at, value: sample.value });
    else stretches.push([{ at: sample.at, value: sample.value }]);
    before = sample;
  }
  return { stretches, gaps };
}

function widen(gaps: Gap[], sample: TimedSample, joined: boolean, everyMs: Ms): void {
  const kind = sample.error === undefined ? 'no-data' : 'error';
  const last = gaps.at(-1);
  const to = sample.at + everyMs / 2;
  if (last && joined && last.kind === kind && last.to >= sample.at - samplesToGap * everyMs) {
    gaps[gaps.length - 1] = { ...last, to, samples: last.samples + 1 };
  } else {
    gaps.push({ kind, from: sample.at - everyMs / 2, to, samples: 1, ...(sample.error !== undefined && { why: sample.error }) });
  }
}

/**
 * Thins a line for drawing: of each of `buckets` equal stretches of time the first, lowest, highest and last sample stay, so that no
 * peak is lost. A line with few samples is left as it is.
 */
export function downsample(samples: readonly TimedValue[], from: number, to: number, buckets: number): readonly TimedValue[] {
  if (samples.length <= 2 * buckets) return samples;
  const kept = new Map<number, TimedValue[]>();
  for (const sample of samples) {
    const bucket = Math.floor(((sample.at - from) / (to - from)) * buckets);
    kept.set(bucket, withSample(kept.get(bucket) ?? [], sample));
  }
  return [...kept.values()].flatMap((bucket) => [...new Set(bucket)].sort((a, b) => a.at - b.at));
}

/** `[first, lowest, highest, last]` with one more. */
function withSample([first, low, high]: readonly TimedValue[], sample: TimedValue): TimedValue[] {
  if (first === undefined || low === undefined || high === undefined) return [sample, sample, sample, sample];
  return [first, sample.value < low.value ? sample : low, sample.value > high.value ? sample : high, sample];
}

/** A line with more samples than this shows no dots. */
const dotsDrawn = 150;

/** The lines of one side, broken where nothing was measured. */
export function drawSeries(plot: Plot, { side, stretches }: Series, unit: Unit, clock: WallClock): Html {
  const few = stretches.reduce((sum, stretch) => sum + stretch.length, 0) <= dotsDrawn;
  const dot = ({ at, value }: TimedValue): Html => {
    const title = `${clock.time(at)} ${side} ${quantityText(value, unit)}`;
    return html`<circle cx="${plot.x(at)}" cy="${plot.y(value)}" r="1.7"><title>${title}</title></circle>`;
  };
  const lines = stretches.map(
    (stretch) => html`<path d="${linePath(plot, stretch)}"/>${(few || stretch.length === 1) && stretch.map(dot)}`,
  );
  return html`<g class="series ${side}">${lines}</g>`;
}

/** Hatched where a side has no data, crossed where its query failed. */
export const drawGaps = (plot: Plot, series: readonly Series[], clock: WallClock): Html =>
  html`${series.flatMap(({ side, gaps }) => gaps.map((gap) => drawGap(plot, side, gap, clock)))}`;

function drawGap(plot: Plot, side: string, { kind, from, to, samples, why }: Gap, clock: WallClock): Html {
  const height = side === 'candidate' ? plot.bottom - plot.top : 8;
  const words = kind === 'error' ? `query failed${why === undefined ? '' : `: ${why}`}` : 'no data';
  const title = `${clock.time(from)} to ${clock.time(to)}, ${side}, ${counted(samples, 'sample')}: ${words}`;
  const width = Math.max(2, plot.x(to) - plot.x(from));
  return html`
    <rect class="gap ${kind}" x="${plot.x(from)}" y="${plot.bottom - height}" width="${width}" height="${height}">
      <title>${title}</title>
    </rect>`;
}
