import type { TaskOp } from '../../../run/core/operation.ts';
import { counted } from '../../../util/phrases.ts';
import { jsonText, plainText, saysSomething } from '../../text/plain-text.ts';
import { shownState, stateSymbols, stateWords } from '../../text/state-words.ts';
import { durationText, type WallClock } from '../../text/times.ts';
import type { GroupView, RunView, StepView } from '../../view/run-view.ts';
import { becauseText } from '../../text/cause.ts';
import { failureText } from './attention.ts';
import { html, type Html, rowId } from '../html.ts';

/** Every step with its state, times, attempts, outputs and messages, stage by stage; steps of a rollback at the end. */
export function stepsSection(view: RunView, clock: WallClock, logOf: ReadLog): Html {
  const row = (step: StepView): Html => stepRow(step, clock, logOf);
  const groups = [...view.groups.values()].filter(({ steps }) => steps.length > 0);
  const rollingBack = [...view.steps.values()].filter(({ rollsBack, startedAt }) => rollsBack !== undefined && startedAt !== undefined);
  return html`
    <section aria-labelledby="steps">
      <h2 id="steps">Steps</h2>
      <div class="scroll" role="region" aria-label="Table of steps" tabindex="0">
        <table class="steps">
          <thead>
            <tr>
              <th scope="col">Step</th><th scope="col">State</th><th scope="col">Started</th>
              <th scope="col" class="number">Took</th><th scope="col" class="number">Attempts</th>
              <th scope="col">Output and messages</th>
            </tr>
          </thead>
          ${groups.map((group) => groupBody(group, row))}
          ${rollingBack.length > 0 && rollbackBody(rollingBack, row)}
        </table>
      </div>
    </section>`;
}

type Row = (step: StepView) => Html;

const groupBody = (view: GroupView, row: Row): Html =>
  html`<tbody id="${rowId(view.group.key)}">${groupRow(view)}${view.steps.map(row)}</tbody>`;

const rollbackBody = (steps: readonly StepView[], row: Row): Html =>
  html`
    <tbody>
      <tr class="group"><th scope="rowgroup" colspan="6">Rollback</th></tr>
      ${steps.map(row)}
    </tbody>`;

function groupRow(view: GroupView): Html {
  const state = shownState(view);
  const title = view.group.key === '' ? 'run' : view.group.key;
  const because = view.because !== undefined && html` <span class="note">${becauseText(view.because)}</span>`;
  return html`
    <tr class="group">
      <th scope="rowgroup" colspan="6">
        ${title} <span class="state-${state}">${stateSymbols[state]} ${stateWords[state]}</span>${because}
      </th>
    </tr>`;
}

function stepRow(view: StepView, clock: WallClock, logOf: ReadLog): Html {
  const { step, startedAt, endedAt, attempts } = view;
  const state = shownState(view);
  const tries = attempts.filter(({ verb }) => verb === 'run' || verb === 'teardown').length;
  const hasBroken = view.state === 'failed' || view.state === 'unknown';
  return html`
    <tr id="${rowId(step.key)}" class="${hasBroken && 'broken'}">
      <th scope="row">
        <span class="key">${step.key}</span>
        ${step.title !== step.id && html`<span class="note">${step.title}</span>`}
      </th>
      <td class="state state-${state}">
        <span aria-hidden="true">${stateSymbols[state]}</span> ${stateWords[state]}
        ${hasBroken && state !== view.state && html`<span class="note">after it ${view.state === 'failed' ? 'failed' : 'ended with an unknown outcome'}</span>`}
        ${view.overridden === true && html`<span class="note">accepted by a person</span>`}
      </td>
      <td class="time" data-label="Started">${startedAt !== undefined && timeOf(startedAt, clock)}</td>
      <td class="number" data-label="Took">${startedAt !== undefined && endedAt !== undefined && durationText(endedAt - startedAt)}</td>
      <td class="number" data-label="Attempts">${tries > 0 && tries}</td>
      <td class="words">${wordsOf(view)}${logsOf(view, logOf)}</td>
    </tr>`;
}

const timeOf = (at: number, clock: WallClock): Html =>
  html`<time datetime="${new Date(at).toISOString()}">${clock.time(at)}</time>`;

function wordsOf(view: StepView): Html {
  const { failure, because, output, rollback, rollsBack } = view;
  return html`
    ${rollsBack !== undefined && html`<p>rolls back ${rollsBack}</p>`}
    ${because !== undefined && because !== failure?.message && html`<p>${becauseText(because)}</p>`}
    ${failure && failureText(failure)}
    ${failure?.hint !== undefined && html`<p class="hint">${failure.hint}</p>`}
    ${rollback?.failure && html`<p>rollback: ${rollback.failure.message}</p>`}
    ${rollback?.wait?.text !== undefined && html`<p>manual rollback: ${rollback.wait.text}</p>`}
    ${failedAttempts(view)}
    ${keptFiles(view)}
    ${saysSomething(output) && html`<p><code class="output">${jsonText(output, 400)}</code></p>`}`;
}

/** The files that the run keeps of it. */
function keptFiles({ attempts }: StepView): Html {
  const artifacts = attempts.findLast(({ ended }) => ended?.artifacts)?.ended?.artifacts ?? [];
  if (artifacts.length === 0) return html``;
  const files = artifacts.map(({ path, bytes, sha256 }) => html`<li><code>${path}</code>, ${counted(bytes, 'byte')}, SHA-256 <code>${sha256.slice(0, 12)}</code></li>`);
  return html`<details><summary>${counted(artifacts.length, 'file')} kept</summary><ul>${files}</ul></details>`;
}

/** The last output of attempts that failed. */
function logsOf({ step, attempts }: StepView, logOf: ReadLog): readonly Html[] {
  const failed = attempts.filter(({ ended }) => ended !== undefined && ended.status !== 'succeeded' && ended.status !== 'probed');
  return failed.flatMap(({ verb, attempt }) => {
    const lines = logOf({ step: step.key, verb, attempt });
    if (lines.length === 0) return [];
    return [html`<details class="log"><summary>log of ${verb} ${attempt}</summary><pre tabindex="0">${lines.map(plainText).join('\n')}</pre></details>`];
  });
}

/** Attempts that failed, although the step may have succeeded. */
function failedAttempts({ attempts, failure: last }: StepView): Html {
  const failed = attempts.filter(({ ended }) => ended?.failure && ended.failure !== last);
  if (failed.length === 0) return html``;
  const words = failed.map(
    ({ verb, attempt, ended }) => html`<li>${verb} ${attempt}, ${durationText(ended?.durationMs ?? 0)}: ${ended?.failure?.message}</li>`,
  );
  return html`<details><summary>${counted(failed.length, 'attempt')} failed</summary><ol>${words}</ol></details>`;
}

/** The last lines that an attempt has printed; none where it printed nothing, or its log is gone. */
export type ReadLog = (attempt: Pick<TaskOp, 'step' | 'verb' | 'attempt'>) => readonly string[];
