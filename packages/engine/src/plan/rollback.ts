import { rollbackKindOf } from '../contract/index.ts';
import { expressionOf, type Name, namesIn } from '../expressions/names-in.ts';
import { type Expression, isExpression, isTemplate, type Value } from '../expressions/value.ts';
import type { Action, StepDeclaration } from '../validate/valid-pipeline.ts';
import type { PlanDraft, Site } from './plan-draft.ts';
import type { PlanStep, RollbackSteps, StepKey } from './plan.ts';
import { plainStep, runType } from './steps.ts';

/** How a step is undone: as the file says, else as its type does. */
export function undoOf(draft: PlanDraft, step: StepDeclaration, site: Site): PlanStep['rollback'] {
  const { action, rollback, irreversible } = step;
  if (irreversible) return 'impossible';
  if (rollback === 'none') return 'nothing';
  if (rollback) return planRollback(draft, rollback, site);
  if (action.kind === 'task' && action.uses === runType) return 'unknown';
  const type = action.kind === 'task' ? draft.pipeline.registry.steps.get(action.uses) : undefined;
  return type ? rollbackKindOf(type) : 'nothing';
}

/** The steps under `rollback:`, one after the other; there is nothing to shorten, so this is the way back at once as well. */
export function planRollback(draft: PlanDraft, steps: readonly StepDeclaration[], site: Site): RollbackSteps {
  return { now: planWay(draft, steps, site) };
}

function planWay(draft: PlanDraft, steps: readonly StepDeclaration[], site: Site): readonly PlanStep[] {
  const keyOf = (n: number): string => `${site.key}/rollback/${steps[n]?.id ?? String(n + 1)}`;
  const siblings = new Map(steps.map(({ id }, n) => [id, keyOf(n)]));
  const rewrite = (expression: Expression): Expression => readByKey(expression, site.key, siblings);
  return steps.map((step, n) =>
    plainStep(draft, rewritten(step, rewrite), undoSite(site, keyOf(n), n === 0 ? [] : [keyOf(n - 1)]), 'nothing'),
  );
}

const undoSite = (site: Site, key: string, needs: readonly string[]): Site => ({
  ...site,
  key,
  needs,
  phase: 'rollback',
  gates: [],
  hasWhen: false,
});

type Rewrite = (expression: Expression) => Expression;

const rewritten = (step: StepDeclaration, rewrite: Rewrite): StepDeclaration => ({
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
      return { ...action, ask: rewriteValue(action.ask, rewrite), quorum: rewriteValue(action.quorum, rewrite) };
    case 'gate':
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
 * In `rollback:`, `saved.x` and `outputs.x` mean the step that is undone, and `steps.ID` may be a sibling that runs only there: all three
 * become reads by step key, because a step of a matrix has many.
 */
export function readByKey(expression: Expression, undone: StepKey, siblings: ReadonlyMap<string, StepKey>): Expression {
  const source = namesIn(expression.$expr).reduceRight((text, name) => {
    const start = startByKey(name, undone, siblings);
    return start ? text.slice(0, name.start) + start.text + text.slice(start.end) : text;
  }, expression.$expr);
  return expressionOf(source);
}

function startByKey(name: Name, undone: StepKey, siblings: ReadonlyMap<string, StepKey>) {
  const [first, outputs] = name.segments;
  if ((name.root === 'saved' || name.root === 'outputs') && first?.isQuoted !== true) {
    return { text: `${name.root}[${JSON.stringify(undone)}]`, end: name.start + name.root.length };
  }
  const sibling = name.root === 'steps' && first ? siblings.get(first.name) : undefined;
  return sibling !== undefined && outputs ? { text: `outputs[${JSON.stringify(sibling)}]`, end: outputs.end } : undefined;
}
