import type { Failure } from '../../../run/core/failure.ts';
import type { RunView } from '../../view/run-view.ts';
import { notUndoneText } from '../../text/not-undone-lines.ts';
import type { Html } from '../html.ts';
import { html } from '../html.ts';
import { rowId } from '../row-id.ts';

/** What failed with its hint, and what was left in the world; nothing when all is well. */
export function attentionSection(view: RunView): Html {
  const failures = [...failuresOf(view)];
  const left = view.over?.notUndone ?? [];
  if (failures.length + left.length === 0) return html``;
  return html`<section class="attention" aria-labelledby="attention"><h2 id="attention">What needs attention</h2>
${failures.map(({ key, failure, what }) => html`<article><h3><a href="#${rowId(key)}">${key}</a> ${what}</h3><p>${failure.message} <code>${failure.code}</code></p>${failure.hint !== undefined && html`<p class="hint">${failure.hint}</p>`}</article>`)}
${left.length > 0 && html`<article><h3>Not undone</h3><ul>${left.map((key) => html`<li><a href="#${rowId(key)}">${key}</a> ${notUndoneText(view.steps.get(key))}</li>`)}</ul></article>`}
</section>`;
}

function* failuresOf(view: RunView): Iterable<{ key: string; failure: Failure; what: string }> {
  for (const { step, failure, undo } of view.steps.values()) {
    if (failure) yield { key: step.key, failure, what: 'failed' };
    if (undo?.failure) yield { key: step.key, failure: undo.failure, what: 'could not be undone' };
  }
  for (const { group, undo } of view.groups.values()) {
    if (undo?.failure) yield { key: group.key, failure: undo.failure, what: 'could not be undone' };
  }
}
