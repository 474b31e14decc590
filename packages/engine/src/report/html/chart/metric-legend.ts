import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { Series } from './metric-series.ts';
import type { ThresholdLine } from './threshold-lines.ts';

/** What the lines and hatchings of a chart mean; only those it has. */
export function metricLegend(series: readonly Series[], limits: readonly ThresholdLine[]): Html {
  const sides = [...new Set(series.map(({ side }) => side))];
  const gaps = [...new Set(series.flatMap((one) => one.gaps.map(({ kind }) => kind)))];
  return html`
    <ul class="legend">
      ${sides.map((side) => lineEntry(`series ${side}`, side === 'baseline' ? 'stable (baseline)' : 'candidate'))}
      ${limits.map(({ name }) => lineEntry(`limit ${name}`, name))}
      ${gaps.map((kind) => areaEntry(`gap ${kind}`, kind === 'error' ? 'could not ask' : 'no data'))}
    </ul>`;
}

const lineEntry = (classes: string, words: string): Html => entry(html`<g class="${classes}"><path d="M0 5H18"/></g>`, words);

const areaEntry = (classes: string, words: string): Html => entry(html`<rect class="${classes}" width="18" height="10"/>`, words);

const entry = (sample: Html, words: string): Html =>
  html`<li><svg width="18" height="10" aria-hidden="true">${sample}</svg>${words}</li>`;
