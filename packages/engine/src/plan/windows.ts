import { readDates } from '../calendar/read-dates.ts';
import type { Window } from '../calendar/window.ts';
import { diagnose } from '../errors/diagnostic.ts';
import { namesIn } from '../expressions/names-in.ts';
import { isExpression, isUnknown, type Value } from '../expressions/value.ts';
import type { Path } from '../load/raw-pipeline.ts';
import { describe } from '../schema/describe.ts';
import { closestNames } from '../util/closest-names.ts';
import { noWindow } from '../validate/read/read-window.ts';
import type { WindowDeclaration } from '../validate/valid-pipeline.ts';
import { evaluateKnown, type KnownContext } from './evaluate-known.ts';
import { keyIn, type PlanDraft } from './plan-draft.ts';

/** The windows of a file by the names of the plan, with every date evaluated. */
export const planWindows = (draft: PlanDraft): Readonly<Record<string, Window>> =>
  Object.fromEntries(draft.pipeline.windows.map((window) => [keyIn(draft.frame, window.name), planWindow(draft, window)]));

function planWindow(draft: PlanDraft, window: WindowDeclaration): Window {
  const { days, hours, zone, except } = window;
  const placeOf = (path: Path) => window.placeOf(path);
  const dates = textsOf(except, 'except', { draft, placeOf });
  for (const [n, text] of dates.entries()) {
    if (readDates(text)) continue;
    const details = { key: '"except"', expected: 'dates that exist, e.g. 2026-12-24 or 2026-12-21..2027-01-04', found: describe(text), close: [] };
    draft.findings.push(diagnose('REL_VALUE_UNEXPECTED', details, placeOf(['except', n])));
  }
  return { ...(days && { days }), ...(hours !== undefined && { hours }), zone, ...(dates.length > 0 && { except: dates }) };
}

/** The windows that a stage or a step waits for; none where one of the names is `none`, which is always open. */
export function windowNames(declared: readonly Value[] | undefined, context: KnownContext): { readonly window?: readonly string[] } {
  if (declared === undefined) return {};
  const names = textsOf(declared, 'window', context);
  const known = context.draft.pipeline.windows.map(({ name }) => name);
  for (const name of names.filter((one) => one !== noWindow && !known.includes(one))) {
    const details = { what: 'window', name, close: closestNames(name, known), known: [...known, noWindow] };
    context.draft.findings.push(diagnose('REL_NAME_UNKNOWN', details, context.placeOf(['window'])));
  }
  return names.length === 0 || names.includes(noWindow) ? {} : { window: [...new Set(names)].map((name) => keyIn(context.draft.frame, name)) };
}

/** Strings that are known before the run, whether each was written or one expression returned them all. */
function textsOf(written: Value, key: 'window' | 'except', context: KnownContext): readonly string[] {
  const values = [evaluateKnown(written, context, [key])].flat(2) as readonly Value[];
  const wrong = values.find((value) => typeof value !== 'string');
  if (wrong === undefined) return values as readonly string[];
  const found = isUnknown(wrong) ? 'known only during the run' : describe(wrong);
  context.draft.findings.push(diagnose('REL_WINDOW_NOT_KNOWN_YET', { key, found }, context.placeOf([key] satisfies Path)));
  return [];
}

/** Whether a value differs from cell to cell of a matrix. */
export function readsMatrix(value: Value | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isExpression(value)) return namesIn(value.$expr).some(({ root }) => root === 'matrix');
  return Object.values(value).some((inner: Value) => readsMatrix(inner));
}
