import type { Json } from '../contract/index.ts';
import type { Place } from '../errors/diagnostic.ts';
import { isRelpipeError } from '../errors/relpipe-error.ts';
import { expressionOf, namesIn } from '../expressions/names-in.ts';
import { type Expression, isExpression, isSecretReference, isTemplate, printInText, type Template, type Value } from '../expressions/value.ts';
import type { Path } from '../load/raw-pipeline.ts';
import type { PlanDraft } from './plan-draft.ts';

/** The values that are known at a place of the plan. */
export interface KnownContext {
  readonly draft: PlanDraft;
  readonly matrix?: Readonly<Record<string, Json>> | undefined;
  /** Returns the place in the file of something inside the value. */
  readonly placeOf: (path: Path) => Place;
}

/** Evaluates the expressions that read only inputs and the matrix; the others wait for the run. */
export function evaluateKnown(value: Value, context: KnownContext, path: Path = []): Value {
  if (typeof value !== 'object' || value === null || isSecretReference(value)) return value;
  if (isExpression(value)) return evaluateExpression(value, context, path);
  if (isTemplate(value)) return evaluateTemplate(value, context, path);
  if (Array.isArray(value)) return value.map((inner: Value, n) => evaluateKnown(inner, context, [...path, n]));
  const fields = Object.entries(value as Readonly<Record<string, Value>>);
  return Object.fromEntries(fields.map(([name, inner]) => [name, evaluateKnown(inner, context, [...path, name])]));
}

/** The condition itself, or the literal `true` or `false` where its value is known already. */
export function evaluateKnownCondition(when: Expression, context: KnownContext): Expression {
  const value = evaluateKnown(when, context, ['when']);
  return typeof value === 'boolean' ? expressionOf(String(value)) : when;
}

function evaluateExpression(expression: Expression, context: KnownContext, path: Path): Value {
  if (!isKnown(expression, context)) return expression;
  try {
    const { draft, matrix } = context;
    const scope = { inputs: draft.inputs, steps: {}, outputs: {}, ...(matrix && { matrix }) };
    return draft.evaluators.get(draft.pipeline)?.evaluate(expression.$expr, scope) ?? expression;
  } catch (error) {
    return refuse(error, expression, context, path);
  }
}

const isKnown = ({ $expr }: Expression, { draft, matrix }: KnownContext): boolean =>
  namesIn($expr).every(({ root, segments: [first] }) => {
    if (root === 'inputs') return first === undefined ? draft.laterInputs.size === 0 : !draft.laterInputs.has(first.name);
    return root === 'matrix' && matrix !== undefined;
  });

function evaluateTemplate(template: Template, context: KnownContext, path: Path): Value {
  const parts = template.$text.map((part) => (typeof part === 'string' ? part : evaluatePart(part, context, path)));
  return parts.every((part) => typeof part === 'string') ? parts.join('') : { $text: parts };
}

function evaluatePart(part: Expression, context: KnownContext, path: Path): string | Expression {
  const value = evaluateExpression(part, context, path);
  if (isExpression(value)) return value;
  try {
    return printInText(value as Json, part.$expr);
  } catch (error) {
    return refuse(error, part, context, path);
  }
}

function refuse(error: unknown, expression: Expression, context: KnownContext, path: Path): Expression {
  if (!isRelpipeError(error)) throw error;
  const { code, message, hint } = error;
  const at = context.placeOf(path);
  context.draft.findings.push({ severity: 'error', code, message, ...(hint !== undefined && { hint }), at });
  return expression;
}
