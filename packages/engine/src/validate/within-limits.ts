import compareVersions from 'semver/functions/compare.js';
import type { Json, QuantityKind } from '../contract/index.ts';
import { parseQuantity, quantityKinds } from '../expressions/quantity.ts';
import type { TypeName } from '../expressions/scope.ts';
import type { InputDeclaration } from './valid-pipeline.ts';

/** Why a value is outside of what its input allows; `undefined` when it is not. */
export function limitProblem({ type, min, max, options }: InputDeclaration, value: Json): string | undefined {
  if (options && !options.includes(String(value))) return `it is none of ${options.join(', ')}`;
  if (min !== undefined && compare(type, value, min) < 0) return `it is below the minimum ${String(min)}`;
  if (max !== undefined && compare(type, value, max) > 0) return `it is above the maximum ${String(max)}`;
  return undefined;
}

function compare(type: TypeName, a: Json, b: Json): number {
  if (type === 'semver') return compareVersions(String(a), String(b));
  return amountOf(type, a) - amountOf(type, b);
}

function amountOf(type: TypeName, value: Json): number {
  const kind = quantityKinds.find((known): known is QuantityKind => known === type);
  const parsed = kind && parseQuantity(kind, String(value));
  return parsed?.ok ? parsed.value : Number(value);
}
