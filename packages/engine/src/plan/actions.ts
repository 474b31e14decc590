import { diagnose } from '../errors/diagnostic.ts';
import { parseDuration } from '../expressions/quantities/duration.ts';
import { holdsUnknown, secretNamesIn, type Value } from '../expressions/value.ts';
import type { Action, StepDeclaration } from '../validate/valid-pipeline.ts';
import { describe } from '../schema/describe.ts';
import { canonicalConfig } from '../schema/planned.ts';
import { plannedShapeProblem } from '../schema/shape-problem.ts';
import type { PlanDraft } from './plan-draft.ts';
import { fold, type Folding } from './evaluate-known.ts';
import type { Act, PlanStep } from './plan.ts';

/** What a step does, with everything computed that is known already. */
export function actOf(draft: PlanDraft, { action, timeoutMs }: StepDeclaration, folding: Folding): Act {
  switch (action.kind) {
    case 'task':
    case 'composite':
      return {
        act: 'task',
        uses: action.uses,
        with: configOf(draft, action, folding),
        attemptTimeoutMs: timeoutMs ?? draft.pipeline.defaults.timeoutMs,
      };
    case 'hold':
      return { act: 'hold', for: lengthOf(action.for, folding), atEnd: action.atEnd };
    case 'gate':
      return { act: 'gate' };
    case 'approval':
      return {
        act: 'approval',
        ask: fold(action.ask, folding, ['approval']),
        quorum: quorumOf(action, folding),
        of: peopleOf(draft, action.of),
      };
  }
}

/** What a task says about its secrets; nothing else has any. */
export const taskSecrets = (act: Act): Pick<PlanStep, 'secrets'> => (act.act === 'task' ? { secrets: secretNamesIn(act.with) } : {});

function configOf({ pipeline, findings }: PlanDraft, { uses, with: written }: Extract<Action, { uses: string }>, folding: Folding): Value {
  const folded = fold(written, folding, ['with']);
  const type = pipeline.registry.steps.get(uses);
  if (!type) return folded;
  const config = canonicalConfig(type.with, folded);
  // What stands in the file was measured when it was read; what only the run knows is measured there.
  const wrong = holdsUnknown(written) && !holdsUnknown(config) ? plannedShapeProblem(type.with, config) : undefined;
  if (wrong) findings.push(diagnose('REL_VALUE_INVALID', { problem: wrong.problem }, folding.placeOf(['with', ...wrong.path])));
  return config;
}

/** An expression may give anything, e.g. a cell of a matrix: what is known of it already has to be a length of time. */
function lengthOf(written: Value, folding: Folding): Value {
  const length = fold(written, folding, ['hold']);
  if (holdsUnknown(length)) return length;
  const text = typeof length === 'string' ? length : JSON.stringify(length);
  const parsed = parseDuration(text);
  const at = folding.placeOf(['hold']);
  if (!parsed.ok) folding.draft.findings.push(diagnose('REL_QUANTITY_INVALID', { key: '"hold"', kind: 'duration', text, likely: parsed.likely }, at));
  else if (parsed.value < 0) folding.draft.findings.push(diagnose('REL_DURATION_OUT_OF_RANGE', { key: 'hold', text, isLong: false }, at));
  return length;
}

/** As far as it is known already: somebody has to agree, and there have to be as many people. */
function quorumOf({ quorum: written, of }: Extract<Action, { kind: 'approval' }>, folding: Folding): Value {
  const { draft } = folding;
  const quorum = fold(written, folding, ['approvers', 'count']);
  if (holdsUnknown(quorum)) return quorum;
  const at = folding.placeOf(['approvers', 'count']);
  const people = peopleOf(draft, of).length;
  if (typeof quorum !== 'number' || quorum < 1) {
    const details = { key: '"count"', expected: 'a number of people, 1 or more', found: describe(quorum), close: [] };
    draft.findings.push(diagnose('REL_VALUE_UNEXPECTED', details, at));
  } else if (of.length > 0 && quorum > people) {
    draft.findings.push(diagnose('REL_APPROVERS_TOO_FEW', { count: quorum, people, groups: of }, at));
  }
  return quorum;
}

/** Groups as the people in them. */
const peopleOf = ({ pipeline }: PlanDraft, names: readonly string[]): readonly string[] =>
  [...new Set(names.flatMap((name) => (Object.hasOwn(pipeline.groups, name) ? (pipeline.groups[name] ?? []) : [name])))];
