import type { Ms } from '../../../model/ms.ts';
import { stateWords, modeWords, verdictSymbols } from '../../text/state-words.ts';
import type { RunView } from '../../view/run-view.ts';
import { html, type Html } from '../html.ts';
import type { ChartTime, Plot } from './plot.ts';

/** A time during which a step held. */
interface Span {
  readonly from: Ms;
  readonly to: Ms;
  readonly label: string;
  readonly title: string;
}

interface Moment {
  readonly at: Ms;
  readonly kind: 'transition' | 'verdict-fail' | 'verdict-other';
  /** Short, beside the mark. */
  readonly label: string;
  /** The whole, in the tooltip. */
  readonly title: string;
}

/** The holds of a run, from their start to their end or to the newest event. */
export const holdSpans = (view: RunView): readonly Span[] =>
  [...view.steps.values()].flatMap(({ step, waits, state, endedAt }) => {
    const start = waits.find(({ why }) => why === 'hold')?.since;
    if (start === undefined) return [];
    const to = endedAt ?? view.lastAt;
    return [{ from: start, to, label: step.title, title: `${step.title} (${step.key}): ${stateWords[state]}` }];
  });

/** The moments at which the mode of the run changed: rollback, pause, and forward again. */
export const transitionMoments = (view: RunView): readonly Moment[] =>
  view.transitions
    .filter(({ to }) => to !== 'finally')
    .map(({ at, to, because }) => ({ at, kind: 'transition', label: modeWords[to], title: `${modeWords[to]}: ${because}` }));

/** The moments at which the verdict of a gate changed, in all steps that it watched. */
export const verdictMoments = (view: RunView, gate: string): readonly Moment[] =>
  [...view.steps.values()].flatMap(({ judged }) =>
    judged
      .filter((one) => one.gate === gate)
      .flatMap((one, n, all) => (one.verdict === all[n - 1]?.verdict ? [] : [one]))
      .map(({ at, verdict, because }) => ({
        at,
        kind: verdict === 'fail' ? ('verdict-fail' as const) : ('verdict-other' as const),
        label: verdictSymbols[verdict],
        title: `${gate} ${verdict}: ${because}`,
      })),
  );

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

/** Near the right edge it is left of its mark. */
function momentLabel(plot: Plot, x: number, label: string): Html {
  const isNearEnd = x > plot.right - 120;
  const [at, anchor] = isNearEnd ? [x - 5, 'end'] : [x + 5, 'start'];
  return html`<text x="${at}" y="${plot.top - 7}" text-anchor="${anchor}">${label}</text>`;
}
