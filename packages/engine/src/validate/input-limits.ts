import compareVersions from 'semver/functions/compare.js';
import type { Json, QuantityKind } from '../contract/index.ts';
import { parseQuantity, quantityKinds } from '../expressions/quantities/quantity.ts';
import { groupsOfWhole } from '../expressions/patterns.ts';
import { parseTime } from '../expressions/quantities/time.ts';
import type { TypeName } from '../expressions/scope.ts';
import { list } from '../util/phrases.ts';
import type { InputDeclaration } from './valid-pipeline.ts';

/** Why an input does not allow a value; undefined when it does. */
export function limitProblem({ type, min, max, options, pattern }: Pick<InputDeclaration, 'type' | 'min' | 'max' | 'options' | 'pattern'>, value: Json): string | undefined {
  if (pattern !== undefined && groupsOfWhole(asString(value), pattern) === undefined) return `it does not match the pattern ${pattern} as a whole`;
  if (options && !options.includes(asString(value))) return `it must be ${list(options, 'or')}`;
  if (min !== undefined && compare(type, value, min) < 0) return `it is below the minimum ${asString(min)}`;
  if (max !== undefined && compare(type, value, max) > 0) return `it is above the maximum ${asString(max)}`;
  return undefined;
}

/** Limits between which no value lies, as they are written; undefined when there is room. */
export function crossedLimits({ type, min, max }: InputDeclaration): { readonly min: string; readonly max: string } | undefined {
  if (min === undefined || max === undefined || compare(type, min, max) <= 0) return undefined;
  return { min: asString(min), max: asString(max) };
}

function compare(type: TypeName, a: Json, b: Json): number {
  if (type === 'semver') return compareVersions(asString(a), asString(b));
  return amountOf(type, a) - amountOf(type, b);
}

function amountOf(type: TypeName, value: Json): number {
  if (type === 'time') return parseTime(asString(value)) ?? NaN;
  const kind = quantityKinds.find((known): known is QuantityKind => known === type);
  const parsed = kind && parseQuantity(kind, asString(value));
  return parsed?.ok ? parsed.value : Number(value);
}

const asString = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
