import type { PlanGate, PlanMetric } from '../../../plan/plan.ts';
import type { MeasurementRecord } from '../../../run/measurement-record.ts';
import type { RunView } from '../../view/run-view.ts';
import { quantityText } from '../../../run/judge/quantity-text.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { chartFigure } from './chart-figure.ts';
import { downsample } from './downsample.ts';
import { drawTimeAxis, drawValueAxis } from './draw-axes.ts';
import { drawHolds, drawMoments } from './draw-moments.ts';
import { drawGaps, drawSeries } from './draw-series.ts';
import { drawLimits } from './draw-limits.ts';
import { metricLegend } from './metric-legend.ts';
import { metricSummary } from './metric-summary.ts';
import type { Series } from './metric-series.ts';
import { metricSeries } from './metric-series.ts';
import { holdSpans, turnMoments, verdictMoments } from './moments.ts';
import type { ChartTime } from './plot.ts';
import { plotOf, plotWidth } from './plot.ts';
import { thresholdLines } from './threshold-lines.ts';
import { valueRange } from './value-range.ts';
import { valueTicks } from './value-ticks.ts';

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
    legend: metricLegend(whole, limits),
    body: html`
      ${drawHolds(plot, holdSpans(view))}
      ${drawTimeAxis(plot, time)}
      ${drawValueAxis(plot, ticks.map((value) => ({ value, label: quantityText(value, metric.unit) })))}
      ${drawLimits(plot, limits, axis)}
      ${drawGaps(plot, series, time.clock)}
      ${drawMoments(plot, time, [...verdictMoments(view, gate.name), ...turnMoments(view)], false)}
      ${series.map((one) => drawSeries(plot, one, metric.unit, time.clock))}`,
    readout: series.map((one) => ({
      name: one.name ?? one.side,
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
