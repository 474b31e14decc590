import type { JudgedView, RunView } from '../../view/run-view.ts';
import type { Clock } from '../../text/clock-text.ts';
import { verdictSymbols } from '../../text/state-words.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';

/** So many verdicts are listed; a gate that wavers for days has more than anybody reads. */
const verdictsListed = 200;

/** Everything the gates said, with its reason. */
export function verdictsSection(view: RunView, clock: Clock): Html {
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
              <th scope="col">At</th><th scope="col">Gate</th><th scope="col">Watching</th>
              <th scope="col">Verdict</th><th scope="col">Because</th>
            </tr>
          </thead>
          <tbody>${judged.slice(-verdictsListed).map((one) => row(one, clock))}</tbody>
        </table>
      </div>
      ${left > 0 && html`<p class="note">${left} earlier verdicts are not listed.</p>`}
    </section>`;
}

const row = ({ at, gate, step, verdict, critical, because }: JudgedView & { readonly step: string }, clock: Clock): Html =>
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
