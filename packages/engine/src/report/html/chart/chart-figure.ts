import type { Html } from '../html.ts';
import { html, jsonMarkup } from '../html.ts';
import type { Plot } from './plot.ts';
import { chartWidth } from './plot.ts';

/** What the pointer reads: the texts of one line at its times, the earlier one where it stays, else the nearest within some milliseconds. */
interface Readout {
  readonly name: string;
  readonly reads: 'earlier' | { readonly within: number };
  readonly at: readonly number[];
  readonly text: readonly string[];
}

export interface ChartParts {
  readonly title: string;
  readonly note: string;
  /** The chart in words, for those who do not see it. */
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
