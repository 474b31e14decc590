import type { Ms } from '../../../model/ms.ts';
import type { WallClock } from '../../text/times.ts';
import { html, type Html, jsonMarkup } from '../html.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A value at its time, to be drawn. */
export interface TimedValue {
  readonly at: Ms;
  readonly value: number;
}

/** The time that all charts of a page share, and how its moments are written. */
export interface ChartTime {
  readonly from: Ms;
  readonly to: Ms;
  readonly clock: WallClock;
  /** Name of the time zone. */
  readonly zone: string;
}

/** The area in which a chart draws, in pixels of its view box. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  x(at: Ms): number;
  y(value: number): number;
}

const chartWidth = 1000;
const margin = { left: 62, right: 116 };

/** Pixels that the time axis has. */
export const plotWidth = chartWidth - margin.left - margin.right;

export function plotOf(time: ChartTime, top: number, bottom: number, low: number, high: number): Plot {
  const span = Math.max(1, time.to - time.from);
  const rise = high - low || 1;
  return {
    left: margin.left,
    right: chartWidth - margin.right,
    top,
    bottom,
    x: (at) => margin.left + ((Math.min(time.to, Math.max(time.from, at)) - time.from) / span) * plotWidth,
    y: (value) => bottom - ((Math.min(high, Math.max(low, value)) - low) / rise) * (bottom - top),
  };
}

/** Time below, with its grid. */
export function drawTimeAxis(plot: Plot, time: ChartTime): Html {
  const { step, at } = timeTicks(time.from, time.to, 9);
  const label = (tick: number): string => {
    if (step < minute) return time.clock.time(tick);
    return step >= 12 * hour ? `${time.clock.day(tick)} ${time.clock.hourMinute(tick)}` : time.clock.hourMinute(tick);
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


const steps: readonly Ms[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 30, 90].map((n) => n * day),
];

interface TimeTicks {
  readonly step: Ms;
  readonly at: readonly Ms[];
}

/** Round moments between two times, at most `maximum` of them. */
export function timeTicks(from: Ms, to: Ms, maximum: number): TimeTicks {
  const step = steps.find((candidate) => (to - from) / candidate <= maximum) ?? Math.ceil((to - from) / maximum / day) * day;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return { step, at: Array.from({ length: count }, (_, n) => first + n * step) };
}

/** Round values from at or below `low` to at or above `high`, about `count` steps apart: 1, 2, 2.5 or 5 times a power of ten. */
export function valueTicks(low: number, high: number, count: number): readonly number[] {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / count));
  const step = power * ([1, 2, 2.5, 5, 10].find((times) => span / (times * power) <= count + 1e-9) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil((low + span) / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(12)));
}

/** The path of a line through samples, one stretch. */
export const linePath = (plot: Plot, samples: readonly TimedValue[]): string =>
  samples.map(({ at, value }, n) => `${n === 0 ? 'M' : 'L'}${round(plot.x(at))} ${round(plot.y(value))}`).join('');

/** The path of a value that stays until it is set again, up to `until`. */
export const stepPath = (plot: Plot, samples: readonly TimedValue[], until: number): string =>
  samples
    .map(({ at, value }, n) => n === 0 ? `M${round(plot.x(at))} ${round(plot.y(value))}` : `H${round(plot.x(at))}V${round(plot.y(value))}`)
    .join('')
    .concat(`H${round(plot.x(until))}`);

const round = (pixels: number): number => Math.round(pixels * 10) / 10;

/** What the pointer reads: the texts of one line at its times, the earlier one where it stays, else the nearest within some milliseconds. */
interface Readout {
  readonly name: string;
  readonly reads: 'earlier' | { readonly within: number };
  readonly at: readonly number[];
  readonly text: readonly string[];
}

interface ChartParts {
  readonly title: string;
  readonly note: string;
  /** The chart in words, for people who cannot see it. */
  readonly summary: string;
  readonly height: number;
  readonly plot: Plot;
  readonly body: Html;
  readonly readout: readonly Readout[];
  readonly legend?: Html;
}

/** A chart with its title, legend and readout line. */
export const chartFigure = ({ title, note, summary, height, plot, body, readout, legend }: ChartParts): Html =>
  html`
    <figure class="chart">
      <figcaption><h4>${title}</h4><span class="note">${note}</span>${legend}<output class="readout"></output></figcaption>
      <div class="scroll">
        <svg viewBox="0 0 ${chartWidth} ${height}" role="img" aria-label="${`${title}. ${summary}`}" tabindex="0"
          data-left="${plot.left}" data-right="${plot.right}">
          ${body}
          <line class="cursor" x1="-9" x2="-9" y1="${plot.top}" y2="${plot.bottom}"/>
        </svg>
      </div>
      <script type="application/json">${jsonMarkup(readout)}</script>
    </figure>`;

/** Hatchings that charts refer to: once a page, because ids are unique. */
export const patterns = html`<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>
<pattern id="no-data" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern>
<pattern id="error" width="7" height="7" patternUnits="userSpaceOnUse"><path class="cross" d="M0 0 7 7M7 0 0 7"/></pattern>
</defs></svg>`;
