import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { ChartTime, Plot } from './plot.ts';
import { timeTicks } from './time-ticks.ts';

const minute = 60_000;
const halfDay = 12 * 60 * minute;

/** Time below, with its grid. */
export function drawTimeAxis(plot: Plot, time: ChartTime): Html {
  const { step, at } = timeTicks(time.from, time.to, 9);
  const label = (tick: number): string => {
    if (step < minute) return time.clock.time(tick);
    return step >= halfDay ? `${time.clock.day(tick)} ${time.clock.hourMinute(tick)}` : time.clock.hourMinute(tick);
  };
  const tickAt = (tick: number): Html => {
    const x = plot.x(tick);
    return html`
      <line class="grid" x1="${x}" x2="${x}" y1="${plot.top}" y2="${plot.bottom}"/>
      <text x="${x}" y="${plot.bottom + 16}" text-anchor="middle">${label(tick)}</text>`;
  };
  return html`
    <g class="axis">
      ${at.map(tickAt)}
      <line class="base" x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}"/>
    </g>`;
}

/** Values at the left, with their grid. */
export const drawValueAxis = (plot: Plot, ticks: readonly { readonly value: number; readonly label: string }[]): Html =>
  html`<g class="axis">${ticks.map(({ value, label }) => {
    const y = plot.y(value);
    return html`
      <line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}"/>
      <text x="${plot.left - 8}" y="${y + 4}" text-anchor="end">${label}</text>`;
  })}</g>`;
