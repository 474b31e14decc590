import type { Json, QuantityKind } from '../../contract/index.ts';
import { parseQuantity, printQuantity } from '../quantities/quantity.ts';
import { printTime } from '../quantities/time.ts';
import type { ScopeType } from '../scope.ts';
import { QuantityValue, quantityValues } from './quantity-type.ts';
import { SemverValue } from './semver-type.ts';
import { TimeValue } from './time-type.ts';

/** Canonical JSON as CEL calculates with it: integers are BigInt, quantities and versions objects. */
export function toCel(type: ScopeType, value: Json): unknown {
  switch (type) {
    case 'percent':
    case 'duration':
    case 'size':
      return toQuantity(type, value);
    case 'semver':
      return typeof value === 'string' ? (SemverValue.parse(value) ?? mismatch(type, value)) : mismatch(type, value);
    case 'time':
      return typeof value === 'string' ? (TimeValue.parse(value) ?? mismatch(type, value)) : mismatch(type, value);
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
  throw new Error(`${JSON.stringify(value)} is not a valid ${type}`);
}

/** A result of CEL as canonical JSON. Throws when it has no such form. */
export function fromCel(value: unknown): Json {
  if (typeof value === 'bigint') return fromInteger(value);
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (value instanceof QuantityValue) return printQuantity(value.kind, fromNumber(value.value));
  if (value instanceof SemverValue) return value.text;
  if (value instanceof TimeValue) return printTime(fromNumber(value.ms));
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) return fromEntries([...(value as ReadonlyMap<unknown, unknown>)]);
  if (isPlain(value)) return fromEntries(Object.entries(value));
  throw new Error('the result is not a value of the language');
}

function fromInteger(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < BigInt(Number.MIN_SAFE_INTEGER)) {
    throw new Error(`${value} is too large to be kept exactly`);
  }
  return Number(value);
}

function fromNumber(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`the result is ${value}`);
  return value;
}

const fromEntries = (entries: readonly (readonly [unknown, unknown])[]): Json =>
  Object.fromEntries(entries.map(([key, value]) => [String(key), fromCel(value)]));

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
