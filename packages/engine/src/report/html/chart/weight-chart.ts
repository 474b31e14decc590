import type { RunView } from '../../view/run-view.ts';
import type { WeightView } from '../../view/weights.ts';
import { html, type Html } from '../html.ts';
import { drawHolds, drawMoments, holdSpans, transitionMoments } from './moments.ts';
import { chartFigure, type ChartTime, drawTimeAxis, drawValueAxis, type Plot, plotOf, stepPath } from './plot.ts';

const height = 176;

/** The candidate's share of the traffic as it was set, one step line for each knob. */
export function drawWeightChart(view: RunView, time: ChartTime): Html {
  const plot = plotOf(time, 26, height - 26, 0, 100);
  const lanes = [...Map.groupBy(view.weights, ({ lane }) => lane).values()];
  const until = Math.min(time.to, view.over?.at ?? view.lastAt);
  return chartFigure({
    title: 'Traffic weight of the candidate',
    note: 'as set by the steps; it stays until it is set again',
    summary: view.weights.map(({ at, percent }) => `${percent}% at ${time.clock.time(at)}`).join(', '),
    height,
    plot,
    body: html`
      ${drawHolds(plot, holdSpans(view), true)}
      ${drawTimeAxis(plot, time)}
      ${drawValueAxis(plot, [0, 25, 50, 75, 100].map((value) => ({ value, label: `${value} %` })))}
      ${drawMoments(plot, time, transitionMoments(view), true)}
      ${lanes.map((lane) => drawLane(plot, time, lane, until))}`,
    readout: lanes.map((lane) => ({
      name: lanes.length > 1 ? (lane[0]?.lane ?? '') : 'weight',
      reads: 'earlier',
      at: lane.map(({ at }) => at),
      text: lane.map(({ percent }) => `${percent} %`),
    })),
  });
}

function drawLane(plot: Plot, time: ChartTime, lane: readonly WeightView[], until: number): Html {
  const samples = lane.map(({ at, percent }) => ({ at, value: percent }));
  const first = samples[0];
  if (first === undefined) return html``;
  const line = stepPath(plot, samples, until);
  return html`
    <path class="weight-area" d="${`${line}V${plot.bottom}H${Math.round(plot.x(first.at))}Z`}"/>
    <path class="weight-line" d="${line}"/>
    ${lane.map((weight) => drawWeight(plot, time, weight))}`;
}

function drawWeight(plot: Plot, time: ChartTime, { at, percent, step }: WeightView): Html {
  const [x, y] = [plot.x(at), plot.y(percent)];
  return html`
    <g class="weight-point">
      <title>${`${time.clock.time(at)} ${percent} %, set by ${step}`}</title>
      <circle cx="${x}" cy="${y}" r="3.5"/>
      <text x="${x + 6}" y="${y + (percent > 90 ? 15 : -6)}">${`${percent} %`}</text>
    </g>`;
}
