import type { PlanGate, PlanMetric } from '../../../plan/plan.ts';
import { quantityText } from '../../../run/judge/texts.ts';
import type { MeasurementRecord } from '../../../run/measurement-record.ts';
import { counted } from '../../../util/phrases.ts';
import { durationText } from '../../text/times.ts';
import type { RunView } from '../../view/run-view.ts';
import { html, type Html } from '../html.ts';
import { drawLimits, type ThresholdLine, thresholdLines, valueRange } from './limits.ts';
import { downsample, drawGaps, drawSeries, metricSeries, type Series } from './metric-series.ts';
import { drawHolds, drawMoments, holdSpans, transitionMoments, verdictMoments } from './moments.ts';
import { chartFigure, type ChartTime, drawTimeAxis, drawValueAxis, plotOf, plotWidth, valueTicks } from './plot.ts';

const height = 226;
const lowHeight = 128;
/** So that the highest limit does not lie on the edge. */
const headroom = 0.04;

/** One metric of a gate over time against its limits. */
export function drawMetricChart(
  view: RunView,
  gate: PlanGate,
  metric: PlanMetric,
  measurements: readonly MeasurementRecord[],
  time: ChartTime,
): Html {
  const whole = metricSeries(measurements, metric, gate.everyMs);
  const series = whole.map((one) => thinned(one, time));
  const limits = thresholdLines(metric, series.find(({ side }) => side === 'baseline')?.stretches ?? []);
  const ticks = ticksOf(metric, valueRange(whole, limits));
  const tall = metric.unit === 'yes-no' ? lowHeight : height;
  const axis = { low: ticks[0] ?? 0, high: ticks.at(-1) ?? 1 };
  const plot = plotOf(time, 12, tall - 26, axis.low, axis.high);
  return chartFigure({
    title: metric.name,
    note: metricSummary(metric, whole, time, series.some((one, n) => one !== whole[n])),
    summary: metricSummary(metric, whole, time, false),
    height: tall,
    plot,
    legend: metricLegend(metric, whole, limits),
    body: html`
      ${drawHolds(plot, holdSpans(view))}
      ${drawTimeAxis(plot, time)}
      ${drawValueAxis(plot, ticks.map((value) => ({ value, label: quantityText(value, metric.unit) })))}
      ${drawLimits(plot, limits, axis)}
      ${drawGaps(plot, series, time.clock)}
      ${drawMoments(plot, time, [...verdictMoments(view, gate.name), ...transitionMoments(view)], false)}
      ${series.map((one) => drawSeries(plot, one, metric.unit, time.clock))}`,
    readout: series.map((one) => ({
      name: one.name ?? (one.side === 'baseline' ? 'baseline' : metric.name),
      reads: { within: Math.max(gate.everyMs, (time.to - time.from) / plotWidth) },
      at: one.stretches.flat().map(({ at }) => at),
      text: one.stretches.flat().map(({ value }) => quantityText(value, metric.unit)),
    })),
  });
}

const ticksOf = ({ unit }: PlanMetric, { low, high }: { low: number; high: number }): readonly number[] =>
  unit === 'yes-no' ? [0, 1] : valueTicks(low, high + headroom * (high - low), 5);

/** The same object when nothing had to be left out. */
function thinned(series: Series, time: ChartTime): Series {
  const stretches = series.stretches.map((stretch) => {
    const [first, last] = [stretch[0]?.at ?? time.from, stretch.at(-1)?.at ?? time.to];
    const buckets = Math.max(1, Math.round(((last - first) / (time.to - time.from)) * plotWidth));
    return downsample(stretch, first, last + 1, buckets);
  });
  return stretches.every((stretch, n) => stretch === series.stretches[n]) ? series : { ...series, stretches };
}

/** What the lines and hatchings of a chart mean; only those it has. */
function metricLegend({ name: metric }: PlanMetric, series: readonly Series[], limits: readonly ThresholdLine[]): Html {
  const sides = [...new Set(series.map(({ side }) => side))];
  const gaps = [...new Set(series.flatMap((one) => one.gaps.map(({ kind }) => kind)))];
  return html`
    <ul class="legend">
      ${sides.map((side) => lineEntry(`series ${side}`, side === 'baseline' ? `${metric}, baseline` : metric))}
      ${limits.map(({ name }) => lineEntry(`limit ${name}`, name))}
      ${gaps.map((kind) => areaEntry(`gap ${kind}`, kind === 'error' ? 'query failed' : 'no data'))}
    </ul>`;
}

const lineEntry = (classes: string, words: string): Html => entry(html`<g class="${classes}"><path d="M0 5H18"/></g>`, words);

const areaEntry = (classes: string, words: string): Html => entry(html`<rect class="${classes}" width="18" height="10"/>`, words);

const entry = (sample: Html, words: string): Html =>
  html`<li><svg width="18" height="10" aria-hidden="true">${sample}</svg>${words}</li>`;

/** A metric in one sentence: what it is held against, how often it was sampled, its extremes, and what is missing. */
function metricSummary(metric: PlanMetric, series: readonly Series[], time: ChartTime, thinned: boolean): string {
  const candidates = series.filter(({ side }) => side === 'candidate');
  const samples = candidates.flatMap(({ stretches }) => stretches.flat());
  const gaps = candidates.flatMap((one) => one.gaps);
  const missed = (kind: string): number => gaps.filter((gap) => gap.kind === kind).reduce((sum, gap) => sum + gap.samples, 0);
  const highest = samples.reduce<(typeof samples)[number] | undefined>((top, one) => (top && top.value >= one.value ? top : one), undefined);
  return [
    counted(samples.length, 'value'),
    ...(highest && metric.unit !== 'yes-no' ? [`highest ${quantityText(highest.value, metric.unit)} at ${time.clock.near(highest.at, time.from)}`] : []),
    ...(metric.unit === 'yes-no' ? [`${counted(samples.filter(({ value }) => value !== 1).length, 'time')} false`] : []),
    ...(missed('no-data') > 0 ? [`${counted(missed('no-data'), 'sample')} without data`] : []),
    ...(missed('error') > 0 ? [counted(missed('error'), 'failed sample')] : []),
    ...ruleTexts(metric),
    ...(thinned ? ['drawn with the lowest and highest value of each pixel'] : []),
  ].join(' · ');
}

const ruleTexts = ({ threshold, reduce, shadow }: PlanMetric): readonly string[] => [
  ...(threshold.forMs === undefined ? [] : [`fails after ${durationText(threshold.forMs)} beyond its limit`]),
  ...(threshold.violations === undefined ? [] : [violationsText(threshold.violations)]),
  ...(reduce === undefined ? [] : [`${reduce} of its series`]),
  ...(shadow ? ['recorded only, never decides'] : []),
];

const violationsText = ({ moreThan, withinMs }: { readonly moreThan: number; readonly withinMs: number }): string =>
  `fails at more than ${moreThan} violations within ${durationText(withinMs)}`;
