import type { Json } from '../contract/index.ts';
import { relpipeError } from '../errors/relpipe-error.ts';
import { printNumber } from './quantities/decimal.ts';

/** A CEL expression that is evaluated when the run reaches it. */
export interface Expression {
  readonly $expr: string;
  /** Step ids (`steps.ID`) and step keys (`outputs["KEY"]`) that it reads. */
  readonly reads: readonly string[];
}

/** A string with expressions inside; its parts are printed canonically and joined. */
export interface Template {
  readonly $text: readonly (string | Expression)[];
}

/** The name of a secret; the worker puts the value in. */
export interface SecretReference {
  readonly $secret: string;
}

/** Configuration as the plan holds it. */
export type Value = Json | Expression | Template | SecretReference | readonly Value[] | { readonly [name: string]: Value };

const has = (value: Value, name: string): boolean => typeof value === 'object' && value !== null && !Array.isArray(value) && name in value;

export const isExpression = (value: Value): value is Expression => has(value, '$expr');
export const isTemplate = (value: Value): value is Template => has(value, '$text');
export const isSecretReference = (value: Value): value is SecretReference => has(value, '$secret');

/** Whether a value is known only when the run reaches it. */
export const isUnknown = (value: unknown): value is Expression | Template => isExpression(value as Value) || isTemplate(value as Value);

/** Whether a value or something inside it is known only when the run reaches it. */
export function holdsUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isUnknown(value) || Object.values(value).some(holdsUnknown);
}

/** The names of the secrets that a value refers to, at any depth: sorted, each once. */
export const secretNamesIn = (...values: readonly unknown[]): readonly string[] => [...new Set(values.flatMap(secretNames))].sort();

function secretNames(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return isSecretReference(value as Value) ? [(value as SecretReference).$secret] : Object.values(value).flatMap(secretNames);
}

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

/** A value as part of a string. Throws `REL_VALUE_NOT_SCALAR` for a list, a map and null. */
export function printInText(value: Json, source: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return printNumber(value);
  const type = value === null ? 'null' : Array.isArray(value) ? 'list' : 'map';
  throw relpipeError('REL_VALUE_NOT_SCALAR', { source, type });
}
