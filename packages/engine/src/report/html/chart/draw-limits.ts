import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { linePath } from './line-path.ts';
import type { Plot } from './plot.ts';
import type { ThresholdLine } from './threshold-lines.ts';
import { reachOf } from './threshold-lines.ts';
import type { ValueRange } from './value-range.ts';

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
