import type { PlanGate } from '../../../plan/plan.ts';
import type { MeasurementRecord } from '../../../run/measurement-record.ts';
import type { RunView } from '../../view/run-view.ts';
import { durationText, type WallClock } from '../../text/times.ts';
import { drawMetricChart } from './metric-chart.ts';
import { drawVerdictBar } from './verdict-bar.ts';
import { drawWeightChart } from './weight-chart.ts';
import type { ChartTime } from './plot.ts';
import { html, type Html } from '../html.ts';

/** Weights and measurements over the same time, with the verdicts of every gate; nothing where nothing was measured or shifted. */
export function chartsSection(view: RunView, measurements: readonly MeasurementRecord[], clock: WallClock, zone: string): Html {
  const time = chartTime(view, measurements, clock, zone);
  if (time === undefined) return html``;
  const byMetric = Map.groupBy(measurements, ({ gate, metric }) => JSON.stringify([gate, metric]));
  const wasMeasured = (gate: string): boolean => measurements.some((one) => one.gate === gate);
  const gates = Object.values(view.plan.gates).filter(({ name }) => wasMeasured(name) || wasJudged(view, name));
  const drawGate = (gate: PlanGate): Html => html`
    <h3>Gate <code>${gate.name}</code> <span class="note">${`evaluated every ${durationText(gate.everyMs)}`}</span></h3>
    ${drawVerdictBar(view, gate.name, time)}
    ${gate.metrics.map((metric) => drawMetricChart(view, gate, metric, byMetric.get(JSON.stringify([gate.name, metric.name])) ?? [], time))}`;
  return html`
    <section class="charts" aria-labelledby="charts"
      data-from="${String(time.from)}" data-to="${String(time.to)}" data-zone="${zone}">
      <h2 id="charts">Weights and measurements</h2>
      <p class="note">
        ${clock.dateTime(time.from)} to ${clock.near(time.to, time.from)} ${zone}, all charts on the same time. Bands are holds.
        Point at a chart, or focus it and use the arrow keys, to read values.
      </p>
      ${view.weights.length > 0 && drawWeightChart(view, time)}
      ${gates.map(drawGate)}
    </section>`;
}

const wasJudged = (view: RunView, gate: string): boolean =>
  [...view.steps.values()].some(({ judged }) => judged.some((one) => one.gate === gate));

/** From a little before the first weight or sample to a little after the last. */
function chartTime(view: RunView, measurements: readonly MeasurementRecord[], clock: WallClock, zone: string): ChartTime | undefined {
  let [from, to] = [Infinity, -Infinity];
  const reach = ({ at }: { readonly at: number }): void => {
    from = Math.min(from, at);
    to = Math.max(to, at);
  };
  measurements.forEach(reach);
  view.weights.forEach(reach);
  view.transitions.forEach(({ at, to: mode }) => mode === 'rollback' && Number.isFinite(from) && reach({ at }));
  if (!Number.isFinite(from)) return undefined;
  const margin = Math.max(1000, (to - from) * 0.03);
  return { from: from - margin, to: to + margin, clock, zone };
}
