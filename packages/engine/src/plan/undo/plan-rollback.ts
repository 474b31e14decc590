import type { Expression, Value } from '../../expressions/value.ts';
import { isExpression, isTemplate } from '../../expressions/value.ts';
import type { Action, StepDeclaration } from '../../validate/valid-pipeline.ts';
import type { PlanDraft, Site } from '../draft.ts';
import { plainStep } from '../steps/plain-step.ts';
import type { PlanStep, RollbackSteps } from '../plan.ts';
import { readByKey } from './read-by-key.ts';

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
