import { rollbackKindOf } from '../contract/index.ts';
import { expressionOf, type Name, namesIn } from '../expressions/names-in.ts';
import { type Expression, isExpression, isTemplate, type Value } from '../expressions/value.ts';
import { runStepType } from '../model/built-in-types.ts';
import type { Action, StepDeclaration } from '../validate/valid-pipeline.ts';
import type { Placement, PlanDraft } from './plan-draft.ts';
import type { PlanStep, RollbackSteps, StepKey } from './plan.ts';
import { plainStep } from './steps.ts';

/** How a step is rolled back: as the file says, else as its type does. */
export function rollbackOf(draft: PlanDraft, step: StepDeclaration, place: Placement): PlanStep['rollback'] {
  const { action, rollback, irreversible } = step;
  if (irreversible) return 'impossible';
  if (rollback === 'none') return 'nothing';
  if (rollback) return planRollback(draft, rollback, place);
  if (action.kind === 'task' && action.uses === runStepType) return 'unknown';
  const type = action.kind === 'task' ? draft.pipeline.registry.steps.get(action.uses) : undefined;
  return type ? rollbackKindOf(type) : 'nothing';
}

/** The steps under `rollback:`, one after the other. There is nothing to shorten, so that an immediate rollback takes the same steps. */
export function planRollback(draft: PlanDraft, steps: readonly StepDeclaration[], place: Placement): RollbackSteps {
  const keyOf = (n: number): string => `${place.key}/rollback/${steps[n]?.id ?? String(n + 1)}`;
  const siblings = new Map(steps.map(({ id }, n) => [id, keyOf(n)]));
  const rewrite = (expression: Expression): Expression => readByKey(expression, place.key, siblings);
  const now = steps.map((step, n) => plainStep(draft, rewriteStep(step, rewrite), rollbackPlacement(place, keyOf(n), n === 0 ? [] : [keyOf(n - 1)]), 'nothing'));
  return { now };
}

const rollbackPlacement = (place: Placement, key: string, needs: readonly string[]): Placement => ({
  ...place,
  key,
  needs,
  phase: 'rollback',
  gates: [],
  hasWhen: false,
  hasWindow: false,
});

type Rewrite = (expression: Expression) => Expression;

const rewriteStep = (step: StepDeclaration, rewrite: Rewrite): StepDeclaration => ({
  ...step,
  action: rewriteAction(step.action, rewrite),
  ...(step.when && { when: rewrite(step.when) }),
});

function rewriteAction(action: Action, rewrite: Rewrite): Action {
  switch (action.kind) {
    case 'task':
    case 'composite':
      return { ...action, with: rewriteValue(action.with, rewrite) };
    case 'hold':
      return { ...action, for: rewriteValue(action.for, rewrite) };
    case 'approval':
      return rewriteValue(action as unknown as Value, rewrite) as unknown as Action;
    case 'assert':
      return { ...action, condition: rewrite(action.condition), ...(action.message !== undefined && { message: rewriteValue(action.message, rewrite) }) };
    case 'gate':
    case 'pipeline':
      return action;
  }
}

function rewriteValue(value: Value, rewrite: Rewrite): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (isExpression(value)) return rewrite(value);
  if (isTemplate(value)) return { $text: value.$text.map((part) => (typeof part === 'string' ? part : rewrite(part))) };
  if (Array.isArray(value)) return value.map((inner: Value) => rewriteValue(inner, rewrite));
  const fields = Object.entries(value as Readonly<Record<string, Value>>);
  return Object.fromEntries(fields.map(([name, inner]) => [name, rewriteValue(inner, rewrite)]));
}

/**
 * In `rollback:`, `saved.x` and `outputs.x` mean the step that is rolled back, and `steps.ID` may be a step of the same rollback. All three
 * become reads by step key, because a step with a matrix has many.
 */
function readByKey(expression: Expression, rolledBack: StepKey, siblings: ReadonlyMap<string, StepKey>): Expression {
  const source = namesIn(expression.$expr).reduceRight((text, name) => {
    const start = startByKey(name, rolledBack, siblings);
    return start ? text.slice(0, name.start) + start.text + text.slice(start.end) : text;
  }, expression.$expr);
  return expressionOf(source);
}

function startByKey(name: Name, rolledBack: StepKey, siblings: ReadonlyMap<string, StepKey>) {
  const [first, outputs] = name.segments;
  if ((name.root === 'saved' || name.root === 'outputs') && first?.isQuoted !== true) {
    return { text: `${name.root}[${JSON.stringify(rolledBack)}]`, end: name.start + name.root.length };
  }
  const sibling = name.root === 'steps' && first ? siblings.get(first.name) : undefined;
  return sibling !== undefined && outputs ? { text: `outputs[${JSON.stringify(sibling)}]`, end: outputs.end } : undefined;
}
