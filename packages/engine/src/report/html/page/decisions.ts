import type { Identity } from '../../../run/core/fact.ts';
import { identityText, verdictSymbols } from '../../text/state-words.ts';
import type { WallClock } from '../../text/times.ts';
import type { JudgedView, RunView } from '../../view/run-view.ts';
import { html, type Html } from '../html.ts';

/** So many verdicts are listed; a gate that wavers for days has more than anybody reads. */
const verdictsListed = 200;

/** Every verdict of the gates, with its reason. */
export function verdictsSection(view: RunView, clock: WallClock): Html {
  const judged = [...view.steps.values()]
    .flatMap(({ step, judged: all }) => all.map((one) => ({ ...one, step: step.key })))
    .sort((a, b) => a.at - b.at);
  if (judged.length === 0) return html``;
  const left = judged.length - verdictsListed;
  return html`
    <section aria-labelledby="verdicts">
      <h2 id="verdicts">Verdicts of gates</h2>
      <div class="scroll" role="region" aria-label="Table of verdicts" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">At</th><th scope="col">Gate</th><th scope="col">Step</th>
              <th scope="col">Verdict</th><th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>${judged.slice(-verdictsListed).map((one) => verdictRow(one, clock))}</tbody>
        </table>
      </div>
      ${left > 0 && html`<p class="note">${left} earlier verdicts are not listed.</p>`}
    </section>`;
}

const verdictRow = ({ at, gate, step, verdict, critical, because }: JudgedView & { readonly step: string }, clock: WallClock): Html =>
  html`
    <tr>
      <td class="time">${clock.time(at)}</td>
      <td>${gate}</td>
      <td>${step}</td>
      <td class="verdict-word ${verdict}">
        <span aria-hidden="true">${verdictSymbols[verdict]}</span> ${verdict}${critical && ' (critical)'}
      </td>
      <td>${because}</td>
    </tr>`;

interface Decision {
  readonly at: number;
  readonly who: Identity;
  readonly onBehalfOf?: string;
  readonly what: string;
  readonly about: string;
  readonly comment: string;
}

/** The decisions of people, and how each person is known. */
export function peopleSection(view: RunView, clock: WallClock): Html {
  const decisions = [...votes(view), ...view.commands.map(({ at, who, command, reason }) => ({ at, who, what: command, about: 'the run', comment: reason }))];
  if (decisions.length === 0) return html``;
  const rows = decisions.sort((a, b) => a.at - b.at).map((one) => decisionRow(one, clock));
  return html`
    <section aria-labelledby="people">
      <h2 id="people">Decisions of people</h2>
      <div class="scroll" role="region" aria-label="Table of decisions" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">At</th><th scope="col">Person, and how known</th><th scope="col">Answer</th>
              <th scope="col">About</th><th scope="col">Comment</th>
            </tr>
          </thead>
          <tbody>${rows}</tbody>
        </table>
      </div>
    </section>`;
}

const decisionRow = ({ at, who, onBehalfOf, what, about, comment }: Decision, clock: WallClock): Html =>
  html`
    <tr>
      <td class="time">${clock.time(at)}</td>
      <td>${identityText(who)}${onBehalfOf !== undefined && ` on behalf of ${onBehalfOf}`}</td><td>${what}</td><td>${about}</td><td>${comment}</td>
    </tr>`;

const votes = (view: RunView): readonly Decision[] =>
  [...view.steps.values()].flatMap(({ step, answers }) =>
    answers.map(({ at, who, onBehalfOf, items, yes, withdrawn, counted, because, comment }) => ({
      at,
      who,
      ...(onBehalfOf !== undefined && { onBehalfOf }),
      what: `${withdrawn === true ? 'approval withdrawn' : yes ? 'yes' : 'no'}${counted ? '' : because === undefined ? ' (does not count)' : ` (does not count: ${because})`}`,
      about: items === undefined ? step.key : `${step.key}, ${items.length === 1 ? 'item' : 'items'} ${items.join(', ')}`,
      comment: comment ?? '',
    })),
  );
