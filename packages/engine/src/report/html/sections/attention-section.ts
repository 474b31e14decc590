import type { Failure } from '../../../run/core/failure.ts';
import type { RunView } from '../../view/run-view.ts';
import { notUndoneText } from '../../text/not-undone-lines.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { rowId } from '../row-id.ts';

/** What failed with its hint, and what was left in the world; nothing when all is well. */
export function attentionSection(view: RunView): Html {
  const failures = [...failuresOf(view)];
  const left = view.over?.notRolledBack ?? [];
  if (failures.length + left.length === 0) return html``;
  const standing = left.map((key) => html`<li>${linkTo(key)} ${notUndoneText(view.steps.get(key))}</li>`);
  return html`
    <section class="attention" aria-labelledby="attention">
      <h2 id="attention">What needs attention</h2>
      ${failures.map(failureArticle)}
      ${left.length > 0 && html`<article><h3>Not undone</h3><ul>${standing}</ul></article>`}
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
  for (const { step, failure, undo } of view.steps.values()) {
    if (failure) yield { key: step.key, failure, what: step.tearsDown === undefined ? 'failed' : `failed: ${step.tearsDown} may still hold what it started` };
    if (undo?.failure) yield { key: step.key, failure: undo.failure, what: 'could not be undone' };
  }
  for (const { group, undo } of view.groups.values()) {
    if (undo?.failure) yield { key: group.key, failure: undo.failure, what: 'could not be undone' };
  }
}
