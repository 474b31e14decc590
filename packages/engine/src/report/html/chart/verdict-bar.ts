import { verdictSymbols } from '../../text/state-words.ts';
import type { JudgedView, RunView } from '../../view/run-view.ts';
import { html, type Html } from '../html.ts';
import { chartFigure, type ChartTime, type Plot, plotOf } from './plot.ts';

const height = 40;

/** The verdicts of a gate over time: a bar, each until the next or until the step it watched ended. */
export function drawVerdictBar(view: RunView, gate: string, time: ChartTime): Html {
  const plot = plotOf(time, 6, height - 6, 0, 1);
  const stretches = [...view.steps.values()].flatMap(({ judged, endedAt }) =>
    stretchesOf(judged.filter((one) => one.gate === gate), endedAt ?? view.lastAt),
  );
  return chartFigure({
    title: 'Verdict',
    note: 'verdicts of the gate; empty where it was not evaluated',
    summary: stretches.map(({ judged }) => `${judged.verdict} at ${time.clock.time(judged.at)}: ${judged.because}`).join('; '),
    height,
    plot,
    body: html`${stretches.map((stretch) => drawStretch(plot, time, stretch))}`,
    readout: [
      { name: gate, reads: 'earlier', at: stretches.map(({ judged }) => judged.at), text: stretches.map(({ judged }) => judged.verdict) },
    ],
  });
}

interface VerdictStretch {
  readonly judged: JudgedView;
  readonly until: number;
}

function drawStretch(plot: Plot, time: ChartTime, { judged, until }: VerdictStretch): Html {
  const { at, verdict, because } = judged;
  const [x, width] = [plot.x(at), Math.max(5, plot.x(until) - plot.x(at))];
  const isRoomForWord = width > 14 + 8 * verdict.length;
  const label = `${verdictSymbols[verdict]}${isRoomForWord ? ` ${verdict}` : ''}`;
  return html`
    <g class="verdict ${verdict}">
      <title>${`${time.clock.time(at)} ${verdict}: ${because}`}</title>
      <rect x="${x}" y="${plot.top}" width="${width}" height="${plot.bottom - plot.top}" rx="3"/>
      ${width > 22 && html`<text x="${x + 7}" y="${plot.bottom - 9}">${label}</text>`}
    </g>`;
}

const stretchesOf = (judged: readonly JudgedView[], end: number): readonly VerdictStretch[] =>
  judged
    .filter((one, n) => one.verdict !== judged[n - 1]?.verdict)
    .map((one, n, changes) => ({ judged: one, until: changes[n + 1]?.at ?? end }));
