import type { Json } from '../../contract/index.ts';
import { printQuantity } from '../quantities/quantity.ts';
import { QuantityValue } from './quantity-values.ts';
import { SemverValue } from './semver-value.ts';

/** What CEL gives, as canonical JSON. Throws for what has none. */
export function fromCel(value: unknown): Json {
  if (typeof value === 'bigint') return fromInteger(value);
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (value instanceof QuantityValue) return printQuantity(value.kind, fromNumber(value.value));
  if (value instanceof SemverValue) return value.text;
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) return fromEntries([...(value as ReadonlyMap<unknown, unknown>)]);
  if (isPlain(value)) return fromEntries(Object.entries(value));
  throw new Error('the result is no value of the language');
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
