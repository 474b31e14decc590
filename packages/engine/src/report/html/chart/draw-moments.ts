import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { Moment, Span } from './moments.ts';
import type { ChartTime, Plot } from './plot.ts';

/** Bands of holds behind a chart; their ends are the boundaries. */
export const drawHolds = (plot: Plot, spans: readonly Span[], labelled = false): Html =>
  html`${spans.map(({ from, to, label, title }) => {
    const [x, width] = [plot.x(from), plot.x(to) - plot.x(from)];
    return html`
      <rect class="hold" x="${x}" y="${plot.top}" width="${Math.max(1, width)}" height="${plot.bottom - plot.top}">
        <title>${title}</title>
      </rect>
      ${labelled && width > 9 * label.length && html`<text x="${x + 4}" y="${plot.top - 7}">${label}</text>`}`;
  })}`;

/** A mark across a chart for each moment, with its words in the tooltip and, when asked, above. */
export const drawMoments = (plot: Plot, time: ChartTime, moments: readonly Moment[], labelled: boolean): Html =>
  html`${moments
    .filter(({ at }) => at >= time.from && at <= time.to)
    .map(({ at, kind, label, title }) => {
      const x = plot.x(at);
      return html`
        <g class="moment ${kind}">
          <title>${`${time.clock.time(at)} ${title}`}</title>
          <line class="reach" x1="${x}" x2="${x}" y1="${plot.top}" y2="${plot.bottom}"/>
          <line class="mark" x1="${x}" x2="${x}" y1="${plot.top}" y2="${plot.bottom}"/>
          ${labelled && momentLabel(plot, x, label)}
        </g>`;
    })}`;

/** Near the right edge it stands before its mark. */
function momentLabel(plot: Plot, x: number, label: string): Html {
  const isNearEnd = x > plot.right - 120;
  const [at, anchor] = isNearEnd ? [x - 5, 'end'] : [x + 5, 'start'];
  return html`<text x="${at}" y="${plot.top - 7}" text-anchor="${anchor}">${label}</text>`;
}
