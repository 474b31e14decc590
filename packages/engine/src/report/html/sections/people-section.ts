import type { Identity } from '../../../run/core/fact.ts';
import type { RunView } from '../../view/run-view.ts';
import type { Clock } from '../../text/clock-text.ts';
import { identityText } from '../../text/state-words.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';

interface Said {
  readonly at: number;
  readonly who: Identity;
  readonly what: string;
  readonly about: string;
  readonly words: string;
}

/** What people decided, and how it was known who they are. */
export function peopleSection(view: RunView, clock: Clock): Html {
  const said = [...votes(view), ...view.told.map(({ at, who, tell, reason }) => ({ at, who, what: tell, about: 'the run', words: reason }))];
  if (said.length === 0) return html``;
  const rows = said.sort((a, b) => a.at - b.at).map((one) => row(one, clock));
  return html`
    <section aria-labelledby="people">
      <h2 id="people">Decisions of people</h2>
      <div class="scroll" role="region" aria-label="Table of decisions" tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">At</th><th scope="col">Who, and how known</th><th scope="col">Said</th>
              <th scope="col">About</th><th scope="col">Words</th>
            </tr>
          </thead>
          <tbody>${rows}</tbody>
        </table>
      </div>
    </section>`;
}

const row = ({ at, who, what, about, words }: Said, clock: Clock): Html =>
  html`
    <tr>
      <td class="time">${clock.time(at)}</td>
      <td>${identityText(who)}</td><td>${what}</td><td>${about}</td><td>${words}</td>
    </tr>`;

const votes = (view: RunView): readonly Said[] =>
  [...view.steps.values()].flatMap(({ step, answers }) =>
    answers.map(({ at, who, yes, counted, comment }) => ({
      at,
      who,
      what: `${yes ? 'yes' : 'no'}${counted ? '' : ' (does not count)'}`,
      about: step.key,
      words: comment ?? '',
    })),
  );
