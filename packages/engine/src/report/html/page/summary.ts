import type { Failure } from '../../../run/core/failure.ts';
import { notRolledBack, notRolledBackText } from '../../text/failures.ts';
import { headline, jsonText } from '../../text/plain-text.ts';
import { identityText, statusOf } from '../../text/state-words.ts';
import { durationText, type WallClock } from '../../text/times.ts';
import { outcomeOf, type RunView, lastTransition } from '../../view/run-view.ts';
import { currentWeights } from '../../view/weights.ts';
import { html, type Html, type HtmlValue, rowId } from '../html.ts';

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
  const because = over ? over.because : lastTransition(view)?.because;
  return html`<header class="outcome-${outcome}">
<p class="badge"><span aria-hidden="true">${symbols[outcome]}</span> ${statusOf(view)}</p>
<h1>${plan.name}</h1>
${because !== undefined && html`<p class="because">${headline(because)}</p>`}
<dl class="facts">
${fact('Took', durationText(over?.durationMs ?? view.lastAt - view.startedAt))}
${fact('Started', html`<time datetime="${new Date(view.startedAt).toISOString()}">${clock.dateTime(view.startedAt)}</time> ${zone}`)}
${fact('Started by', identityText(view.who))}
${fact('Run', html`<code>${view.run}</code>`)}
${plan.source.commit !== undefined && fact('Commit', html`<code title="${plan.source.commit}">${plan.source.commit.slice(0, 12)}</code>${plan.source.uncommitted && ' with uncommitted changes'}`)}
${fact('File', html`<code>${plan.source.file}</code>`)}
${currentWeights(view).map(({ percent, lane }) => fact('Candidate weight', `${percent} % (${lane})`))}
${Object.entries(plan.inputs).map(([name, value]) => fact(name, html`<code>${jsonText(value, 120)}</code>`))}
</dl></header>`;
}

const fact = (name: string, value: HtmlValue): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

/** Each failure with its hint, and the changes that stay in effect; nothing when all is well. */
export function attentionSection(view: RunView): Html {
  const failures = [...failuresOf(view)];
  const left = notRolledBack(view);
  if (failures.length + left.length === 0) return html``;
  const kept = left.map((key) => html`<li>${linkTo(key)} ${notRolledBackText(view.steps.get(key))}</li>`);
  return html`
    <section class="attention" aria-labelledby="attention">
      <h2 id="attention">What needs attention</h2>
      ${failures.map(failureArticle)}
      ${left.length > 0 && html`<article><h3>Not rolled back</h3><ul>${kept}</ul></article>`}
    </section>`;
}

interface FailureOf {
  readonly key: string;
  readonly failure: Failure;
  readonly what: string;
}

const failureArticle = ({ key, failure, what }: FailureOf): Html =>
  html`
    <article>
      <h3>${linkTo(key)} ${what}</h3>
      <p>${failure.message} <code>${failure.code}</code></p>
      ${failure.hint !== undefined && html`<p class="hint">${failure.hint}</p>`}
    </article>`;

const linkTo = (key: string): Html => html`<a href="#${rowId(key)}">${key}</a>`;

function* failuresOf(view: RunView): Iterable<FailureOf> {
  for (const { step, failure, rollback } of view.steps.values()) {
    if (failure) yield { key: step.key, failure, what: step.tearsDown === undefined ? 'failed' : `failed: what ${step.tearsDown} started may still be running` };
    if (rollback?.failure) yield { key: step.key, failure: rollback.failure, what: 'could not be rolled back' };
  }
  for (const { group, rollback } of view.groups.values()) {
    if (rollback?.failure) yield { key: group.key, failure: rollback.failure, what: 'could not be rolled back' };
  }
}
