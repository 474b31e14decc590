import { relpipeError } from '../errors/relpipe-error.ts';
import type { Fact } from '../run/core/fact.ts';
import type { AskOp } from '../run/core/op.ts';
import { openAsks } from '../run/core/decide/idle.ts';
import type { RunState } from '../run/core/run-state.ts';
import { closestNames } from '../util/closest-names.ts';

/** The key of a step, from its key or the end of it (`shift` for `production/canary/1-shift`). Throws `REL_STEP_UNKNOWN`. */
export function insistOnStep(facts: readonly Fact[], name: string): string {
  const first = facts[0];
  const keys = first?.fact === 'planned' ? first.plan.steps.map(({ key }) => key) : [];
  const found = keys.filter((key) => key === name || key.endsWith(`/${name}`));
  if (found.length > 1) throw relpipeError('REL_STEP_AMBIGUOUS', { steps: found, what: 'shown' });
  if (found[0] === undefined) throw relpipeError('REL_STEP_UNKNOWN', { step: name, near: closestNames(name, keys) });
  return found[0];
}

/** The question a person means: of the step that was named, or the only one that is open. Throws `REL_NOTHING_WAITING`, `REL_STEP_AMBIGUOUS`. */
export function findQuestion(state: RunState, name: string | undefined, question: AskOp['question'], what: string): AskOp {
  const asks = openAsks(state).filter((op) => op.question === question);
  const meant = name === undefined ? asks : asks.filter(({ step }) => step === name || step.endsWith(`/${name}`));
  const [ask] = meant;
  if (ask === undefined) throw relpipeError('REL_NOTHING_WAITING', { what });
  if (meant.length > 1) throw relpipeError('REL_STEP_AMBIGUOUS', { steps: meant.map(({ step }) => step), what });
  return ask;
}
