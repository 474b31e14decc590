import { expressionOf, namesIn } from '../../../expressions/names-in.ts';
import { printValue } from '../../../expressions/print-value.ts';
import type { Value } from '../../../expressions/value.ts';
import type { Act } from '../../../plan/act.ts';
import { list } from '../../../util/phrases.ts';
import { failureOf } from '../failure.ts';
import type { StepState } from '../state/node.ts';
import type { Decision } from './decision.ts';
import { holdsTrue, ResolutionError, resolveFor } from './expressions.ts';
import { finishStep } from './finish-step.ts';

type Assertion = Extract<Act, { act: 'assert' }>;

/** An `assert` ends as it starts: its condition is true, or the step fails with the values in it. */
export function checkAssertion(decision: Decision, step: StepState, assertion: Assertion): void {
  const { isTrue, because } = holdsTrue(decision.state, step, assertion.condition, decision.evaluate);
  if (isTrue === true) return finishStep(decision, step, 'succeeded');
  const message = isTrue === undefined ? because : whyNot(decision, step, assertion);
  finishStep(decision, step, 'failed', { because: message, failure: failureOf('REL_ASSERT_FAILED', message) });
}

/** `A pre-release goes to staging only (inputs.version is 1.4.0-rc.1)` */
function whyNot(decision: Decision, step: StepState, { condition: { $expr }, message }: Assertion): string {
  const names = [...new Set(namesIn($expr).map(({ start, end }) => $expr.slice(start, end)))];
  const values = names.map((name) => `${name} is ${valueOf(decision, step, name)}`);
  const text = message === undefined ? `not true: ${$expr}` : textOf(decision, step, message);
  return values.length > 0 ? `${text} (${list(values)})` : text;
}

const textOf = (decision: Decision, step: StepState, message: Value): string =>
  attempt(() => printValue(resolveFor(decision.state, step, message, decision.evaluate)));

function valueOf(decision: Decision, step: StepState, name: string): string {
  return attempt(() => {
    const value = resolveFor(decision.state, step, expressionOf(name), decision.evaluate);
    return typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  });
}

/** Something in it may have been skipped, and the condition reads it with a fallback. */
function attempt(text: () => string): string {
  try {
    return text();
  } catch (error) {
    if (!(error instanceof ResolutionError)) throw error;
    return 'not known';
  }
}
