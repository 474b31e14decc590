import type { Json, QuantityKind } from '../../contract/index.ts';
import { parseQuantity } from '../quantities/quantity.ts';
import type { ScopeType } from '../scope.ts';
import { quantityValues } from './quantity-values.ts';
import { SemverValue } from './semver-value.ts';

/** Canonical JSON as CEL calculates with it: integers are BigInt, quantities and versions objects. */
export function toCel(type: ScopeType, value: Json): unknown {
  switch (type) {
    case 'percent':
    case 'duration':
    case 'size':
      return toQuantity(type, value);
    case 'semver':
      return typeof value === 'string' ? (SemverValue.parse(value) ?? mismatch(type, value)) : mismatch(type, value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : mismatch(type, value);
    case 'number':
      return typeof value === 'number' ? value : mismatch(type, value);
    case 'boolean':
      return typeof value === 'boolean' ? value : mismatch(type, value);
    case 'string':
    case 'choice':
    case 'path':
      return typeof value === 'string' ? value : mismatch(type, value);
    case 'list':
      return Array.isArray(value) ? value : mismatch(type, value);
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : mismatch(type, value);
    case 'any':
      return value;
  }
}

function toQuantity(kind: QuantityKind, value: Json): unknown {
  const parsed = typeof value === 'string' ? parseQuantity(kind, value) : undefined;
  return parsed?.ok ? new quantityValues[kind](parsed.value) : mismatch(kind, value);
}

function mismatch(type: ScopeType, value: Json): never {
  throw new Error(`${JSON.stringify(value)} is not a ${type}`);
}
