import type { Json } from '../contract/index.ts';
import type { Place } from '../errors/diagnostic.ts';
import { isRelpipeError } from '../errors/relpipe-error.ts';
import { expressionOf, namesIn } from '../expressions/names-in.ts';
import { type Expression, isExpression, isSecretReference, isTemplate, printInText, type Template, type Value } from '../expressions/value.ts';
import type { PlanDraft } from './plan-draft.ts';

type Path = readonly (string | number)[];

/** What is known where a value is folded. */
export interface Folding {
  readonly draft: PlanDraft;
  readonly matrix?: Readonly<Record<string, Json>> | undefined;
  /** Where a finding about something inside the value belongs. */
  readonly placeOf: (path: Path) => Place;
}

/** Computes what reads only inputs and the matrix; the rest waits for the run. */
export function fold(value: Value, folding: Folding, path: Path = []): Value {
  if (typeof value !== 'object' || value === null || isSecretReference(value)) return value;
  if (isExpression(value)) return foldExpression(value, folding, path);
  if (isTemplate(value)) return foldTemplate(value, folding, path);
  if (Array.isArray(value)) return value.map((inner: Value, n) => fold(inner, folding, [...path, n]));
  const fields = Object.entries(value as Readonly<Record<string, Value>>);
  return Object.fromEntries(fields.map(([name, inner]) => [name, fold(inner, folding, [...path, name])]));
}

/** A condition that is known already is the literal `true` or `false`. */
export function foldWhen(when: Expression, folding: Folding): Expression {
  const folded = fold(when, folding, ['when']);
  return typeof folded === 'boolean' ? expressionOf(String(folded)) : when;
}

function foldExpression(expression: Expression, folding: Folding, path: Path): Value {
  if (!isKnown(expression, folding)) return expression;
  try {
    const { draft, matrix } = folding;
    const scope = { inputs: draft.inputs, steps: {}, outputs: {}, ...(matrix && { matrix }) };
    return draft.evaluator?.evaluate(expression.$expr, scope) ?? expression;
  } catch (error) {
    return refuse(error, expression, folding, path);
  }
}

const isKnown = ({ $expr }: Expression, { matrix }: Folding): boolean =>
  namesIn($expr).every(({ root }) => root === 'inputs' || (root === 'matrix' && matrix !== undefined));

function foldTemplate(template: Template, folding: Folding, path: Path): Value {
  const parts = template.$text.map((part) => (typeof part === 'string' ? part : foldPart(part, folding, path)));
  return parts.every((part) => typeof part === 'string') ? parts.join('') : { $text: parts };
}

function foldPart(part: Expression, folding: Folding, path: Path): string | Expression {
  const value = foldExpression(part, folding, path);
  if (isExpression(value)) return value;
  try {
    return printInText(value as Json, part.$expr);
  } catch (error) {
    return refuse(error, part, folding, path);
  }
}

function refuse(error: unknown, expression: Expression, folding: Folding, path: Path): Expression {
  if (!isRelpipeError(error)) throw error;
  const { code, message, hint } = error;
  const at = folding.placeOf(path);
  folding.draft.findings.push({ severity: 'error', code, message, ...(hint !== undefined && { hint }), at });
  return expression;
}
