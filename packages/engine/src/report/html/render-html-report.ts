import { createHash } from 'node:crypto';
import type { Plan } from '../../plan/plan.ts';
import { viewOf } from '../view/fold-event.ts';
import type { MeasurementRecord } from '../../run/measurement-record.ts';
import type { RunEvent } from '../events/run-event.ts';
import { clockIn } from '../text/times.ts';
import { statusOf } from '../text/state-words.ts';
import { type ReadLog, stepsSection } from './page/steps.ts';
import { patterns } from './chart/plot.ts';
import { drawGraph } from './graph/draw-graph.ts';
import { constantMarkup, html, type Html } from './html.ts';
import { pageScript } from './page/script.ts';
import { pageStyle } from './page/style.ts';
import { attentionSection } from './page/attention.ts';
import { headerSection } from './page/summary.ts';
import { chartsSection } from './chart/charts-section.ts';
import { peopleSection, verdictsSection } from './page/decisions.ts';

interface RunRecord {
  readonly plan: Plan;
  /** In their order, from the first; at the end, the state of a run that no process executes. */
  readonly events: readonly RunEvent[];
  readonly measurements: readonly MeasurementRecord[];
  /** Default: the logs are not at hand. */
  readonly logOf?: ReadLog;
}

interface HtmlReportOptions {
  /** IANA name of the zone in which times are written. Default: UTC, so that everybody reads the same. */
  readonly timeZone?: string;
}

/** One HTML file that needs nothing else: it asks no server, and shows the run as far as it has come. */
export function renderHtmlReport(record: RunRecord, { timeZone = 'UTC' }: HtmlReportOptions = {}): string {
  const view = viewOf(record.events);
  if (view === undefined) return page(record.plan.name, html`<main><h1>${record.plan.name}</h1><p>This run has not started.</p></main>`);
  const clock = clockIn(timeZone);
  const graph = drawGraph(view);
  return page(
    `${view.plan.name}: ${statusOf(view)}`,
    html`
      ${patterns}
      <main>
        ${headerSection(view, clock, timeZone)}
        ${attentionSection(view, clock)}
        <section aria-labelledby="plan"><h2 id="plan">Plan</h2>${graph.drawing}</section>
        ${chartsSection(view, record.measurements, clock, timeZone)}
        ${verdictsSection(view, clock)}
        ${peopleSection(view, clock)}
        ${stepsSection(view, clock, record.logOf ?? (() => []))}
        ${footer(view.run, view.plan, timeZone)}
      </main>`,
    pageStyle + graph.style,
  );
}

const footer = (run: string, { fingerprint, plugins }: Plan, timeZone: string): Html => {
  const versions = plugins.map((plugin) => `, ${plugin.package} ${plugin.version}`);
  return html`
    <footer>
      <p>relpipe run <code>${run}</code>, plan <code>${fingerprint.slice(0, 16)}</code>${versions}. Times are ${timeZone}.</p>
    </footer>`;
};

/** Only our own style and script may act, whatever the output of a step contains. */
const page = (title: string, body: Html, style = pageStyle): string =>
  html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(pageScript)}'">
        <title>${title}</title>
        <style>${constantMarkup(style)}</style>
      </head>
      <body>${body}<script>${constantMarkup(pageScript)}</script></body>
    </html>`.markup;

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
