import type { Html } from '../html.ts';
import { html } from '../html.ts';
import type { Series } from './metric-series.ts';
import type { ThresholdLine } from './threshold-lines.ts';

/** What the lines and hatchings of a chart mean; only those it has. */
export function metricLegend(series: readonly Series[], limits: readonly ThresholdLine[]): Html {
  const sides = [...new Set(series.map(({ side }) => side))];
  const gaps = [...new Set(series.flatMap((one) => one.gaps.map(({ kind }) => kind)))];
  return html`<ul class="legend">${sides.map((side) => entry(`series ${side}`, side === 'baseline' ? 'stable (baseline)' : 'candidate'))}${limits.map(({ name }) => entry(`limit ${name}`, name))}${gaps.map((kind) => html`<li><svg width="18" height="10" aria-hidden="true"><rect class="gap ${kind}" width="18" height="10"/></svg>${kind === 'error' ? 'could not ask' : 'no data'}</li>`)}</ul>`;
}

const entry = (classes: string, words: string): Html =>
  html`<li><svg width="18" height="10" aria-hidden="true"><g class="${classes}"><path d="M0 5H18"/></g></svg>${words}</li>`;
