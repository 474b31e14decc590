import type { Unit } from '../../../contract/index.ts';
import type { Clock } from '../../text/clock-text.ts';
import { counted } from '../../../util/phrases.ts';
import { quantityText } from '../../../run/judge/quantity-text.ts';
import { html, type Html } from '../html.ts';
import type { Sample } from './downsample.ts';
import { linePath } from './line-path.ts';
import type { Gap, Series } from './metric-series.ts';
import type { Plot } from './plot.ts';

/** A line with more samples than this shows no dots. */
const dotsDrawn = 150;

/** The lines of one side, broken where nothing was measured. */
export function drawSeries(plot: Plot, { side, stretches }: Series, unit: Unit, clock: Clock): Html {
  const few = stretches.reduce((sum, stretch) => sum + stretch.length, 0) <= dotsDrawn;
  const dot = ({ at, value }: Sample): Html => {
    const title = `${clock.time(at)} ${side} ${quantityText(value, unit)}`;
    return html`<circle cx="${plot.x(at)}" cy="${plot.y(value)}" r="1.7"><title>${title}</title></circle>`;
  };
  const lines = stretches.map(
    (stretch) => html`<path d="${linePath(plot, stretch)}"/>${(few || stretch.length === 1) && stretch.map(dot)}`,
  );
  return html`<g class="series ${side}">${lines}</g>`;
}

/** Hatched where a side gave no data, crossed where it could not be asked. */
export const drawGaps = (plot: Plot, series: readonly Series[], clock: Clock): Html =>
  html`${series.flatMap(({ side, gaps }) => gaps.map((gap) => drawGap(plot, side, gap, clock)))}`;

function drawGap(plot: Plot, side: string, { kind, from, to, looks, why }: Gap, clock: Clock): Html {
  const height = side === 'candidate' ? plot.bottom - plot.top : 8;
  const words = kind === 'error' ? `could not ask${why === undefined ? '' : `: ${why}`}` : 'no data';
  const title = `${clock.time(from)} to ${clock.time(to)}, ${side}, ${counted(looks, 'look')}: ${words}`;
  const width = Math.max(2, plot.x(to) - plot.x(from));
  return html`
    <rect class="gap ${kind}" x="${plot.x(from)}" y="${plot.bottom - height}" width="${width}" height="${height}">
      <title>${title}</title>
    </rect>`;
}
