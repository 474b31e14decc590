import type { LimitName } from '../../../model/threshold.ts';
import type { PlanMetric } from '../../../plan/plan.ts';
import { besideBaseline } from '../../../run/judge/limits.ts';
import { html, type Html } from '../html.ts';
import type { Series, Stretch } from './metric-series.ts';
import { linePath, type Plot } from './plot.ts';

/** A limit as it is drawn: level where it is absolute, following the baseline where it is relative to it. */
export interface ThresholdLine {
  readonly name: LimitName;
  readonly text: string;
  readonly level?: number;
  readonly stretches: readonly Stretch[];
}

/** In the order in which they are drawn and listed. */
const drawnLimits: readonly LimitName[] = ['warn', 'max', 'min', 'critical'];

/** The limits of a metric; `baseline` holds the stretches of the other side. */
export const thresholdLines = ({ threshold }: PlanMetric, baseline: readonly Stretch[]): readonly ThresholdLine[] =>
  drawnLimits.flatMap((name) => {
    const limit = threshold[name];
    if (limit === undefined) return [];
    const text = `${name} ${limit.text}`;
    if (limit.kind === 'absolute') return [{ name, text, level: limit.value, stretches: [] }];
    return [{ name, text, stretches: baseline.map((stretch) => stretch.map(({ at, value }) => ({ at, value: besideBaseline(limit, value) }))) }];
  });

/** The highest and lowest that a line reaches. */
function reachOf({ level, stretches }: Pick<ThresholdLine, 'level' | 'stretches'>): { low: number; high: number } {
  let [low, high] = level === undefined ? [Infinity, -Infinity] : [level, level];
  for (const stretch of stretches) {
    for (const { value } of stretch) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return { low, high };
}

const labelHeight = 14;

/** The limits as lines with their words at the right; one that lies outside the axis is named at its edge. */
export function drawLimits(plot: Plot, limits: readonly ThresholdLine[], axis: ValueRange): Html {
  const labels = limits.map((line) => labelOf(plot, line, axis)).sort((a, b) => a.y - b.y);
  const words = spread(labels, plot).map(
    ({ name, text, y }) => html`<text class="limit-label ${name}" x="${plot.right + 8}" y="${y + 4}">${text}</text>`,
  );
  return html`${limits.map((line) => drawLimit(plot, line, axis))}${words}`;
}

function drawLimit(plot: Plot, { name, text, level, stretches }: ThresholdLine, { low, high }: ValueRange): Html {
  if (level === undefined) {
    const paths = stretches.map((stretch) => html`<path d="${linePath(plot, stretch)}"/>`);
    return html`<g class="limit ${name}"><title>${`${text} of the baseline`}</title>${paths}</g>`;
  }
  if (level > high || level < low) return html``;
  const y = plot.y(level);
  return html`
    <g class="limit ${name}">
      <title>${text}</title>
      ${name === 'min' && beyond(plot, y, plot.bottom)}
      ${name === 'max' && beyond(plot, plot.top, y)}
      <path d="M${plot.left} ${y}H${plot.right}"/>
    </g>`;
}

const beyond = ({ left, right }: Plot, from: number, to: number): Html =>
  html`<rect class="beyond" x="${left}" width="${right - left}" y="${from}" height="${to - from}"/>`;

interface Label {
  readonly name: string;
  readonly text: string;
  readonly y: number;
}

function labelOf(plot: Plot, line: ThresholdLine, axis: ValueRange): Label {
  const at = line.level ?? line.stretches.at(-1)?.at(-1)?.value ?? reachOf(line).high;
  const outside = at > axis.high ? ' ↑' : at < axis.low ? ' ↓' : '';
  return { name: line.name, text: `${line.text}${outside}`, y: plot.y(at) };
}

/** Labels from top to bottom without covering each other. */
function spread(labels: readonly Label[], plot: Plot): readonly Label[] {
  let free = plot.top;
  const down = labels.map((label) => {
    const y = Math.max(label.y, free);
    free = y + labelHeight;
    return { ...label, y };
  });
  const over = Math.max(0, free - labelHeight - plot.bottom);
  return down.map((label) => ({ ...label, y: label.y - over }));
}

interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** A limit further away than so many times everything else is named at the edge instead of pressing the line flat. */
const farAway = 2.2;

/** What the value axis has to show: every value, and the limits unless they are far away. From zero, except where that hides everything. */
export function valueRange(series: readonly Series[], limits: readonly ThresholdLine[]): ValueRange {
  const values = reachOf({ stretches: series.flatMap(({ stretches }) => stretches) });
  const near = limits.filter(({ name }) => name !== 'critical').map(reachOf);
  const low = Math.min(values.low, ...near.map((reach) => reach.low));
  let high = Math.max(values.high, ...near.map((reach) => reach.high));
  for (const critical of limits.filter(({ name }) => name === 'critical').map(reachOf)) {
    if (!Number.isFinite(high) || critical.high <= high * farAway) high = Math.max(high, critical.high);
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { low: 0, high: 1 };
  return { low: low >= 0 && low < 0.6 * high ? 0 : low, high };
}
