import { describeInputs } from '../../../plan/describe-plan.ts';
import { causeOf } from '../../text/cause.ts';
import { jsonText } from '../../text/plain-text.ts';
import { identityText, statusOf } from '../../text/state-words.ts';
import { durationText, type WallClock } from '../../text/times.ts';
import { outcomeOf, type RunView } from '../../view/run-view.ts';
import { currentWeights } from '../../view/weights.ts';
import { html, type Html, type HtmlValue } from '../html.ts';

const symbols = {
  succeeded: '✓',
  'partially-succeeded': '!',
  failed: '✗',
  'rolled-back': '↩',
  'rollback-failed': '‼',
  stopped: '■',
  running: '▸',
} as const;

/** What ran, how it ended and why, and where it came from. */
export function headerSection(view: RunView, clock: WallClock, zone: string): Html {
  const { plan, over } = view;
  const outcome = outcomeOf(view);
  const because = causeOf(view);
  const weights = currentWeights(view);
  return html`<header class="outcome-${outcome}">
<p class="badge"><span aria-hidden="true">${symbols[outcome]}</span> ${statusOf(view)}</p>
<h1>${plan.name}</h1>
${because !== undefined && html`<p class="because">${because}</p>`}
<dl class="facts">
${fact('Took', durationText(over?.durationMs ?? view.lastAt - view.startedAt))}
${fact('Started', html`<time datetime="${new Date(view.startedAt).toISOString()}">${clock.dateTime(view.startedAt)}</time> ${zone}`)}
${fact('Started by', identityText(view.who))}
${fact('Run', html`<code>${view.run}</code>`)}
${plan.source.commit !== undefined && fact('Commit', html`<code title="${plan.source.commit}">${plan.source.commit.slice(0, 12)}</code>${plan.source.uncommitted && ' with uncommitted changes'}`)}
${fact('File', html`<code>${plan.source.file}</code>`)}
${weights.length > 0 && fact('Candidate weight', weights.map(({ percent, lane }) => `${percent} % (${lane})`).join(', '))}
${plan.environment !== undefined && fact('Environment', html`<code>${plan.environment}</code>`)}
${describeInputs(plan).map(({ name, value, origin }) => fact(name, html`<code>${jsonText(value, 120)}</code>${origin !== '' && html` <span class="note">${origin}</span>`}`))}
</dl></header>`;
}

const fact = (name: string, value: HtmlValue): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
