import type { Json } from '../contract/index.ts';
import { relpipeError } from '../errors/relpipe-error.ts';
import { printNumber } from './quantities/decimal.ts';
import { type Expression, isExpression, isSecretReference, isTemplate, type Template, type Value } from './value.ts';

/** A value with every expression evaluated, at any depth; itself where it has none. Secrets stay `{ $secret }`. */
export function resolveValue(value: Value, evaluate: (expression: Expression) => Json): Json {
  if (typeof value !== 'object' || value === null || isSecretReference(value)) return value as Json;
  if (isExpression(value)) return evaluate(value);
  if (isTemplate(value)) return joinTemplate(value, evaluate);
  const given = Object.entries<Value>(value);
  const resolved = given.map(([name, inner]) => [name, resolveValue(inner, evaluate)] as const);
  // A hundred thousand copies of what is the same anyway would have to be kept.
  if (resolved.every(([, inner], place) => inner === given[place]?.[1])) return value as Json;
  return Array.isArray(value) ? resolved.map(([, inner]) => inner) : Object.fromEntries(resolved);
}

const joinTemplate = ({ $text }: Template, evaluate: (expression: Expression) => Json): string =>
  $text.map((part) => (typeof part === 'string' ? part : printInText(evaluate(part), part.$expr))).join('');

/** How a value reads inside a text. Throws `REL_VALUE_NOT_SCALAR` for a list, a map and null. */
export function printInText(value: Json, source: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return printNumber(value);
  const type = value === null ? 'null' : Array.isArray(value) ? 'list' : 'map';
  throw relpipeError('REL_VALUE_NOT_SCALAR', { source, type });
}
