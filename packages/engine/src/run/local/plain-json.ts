import type { Json } from '../../contract/index.ts';

/** Deeper values are refused: those who read them would run out of stack. */
const deepest = 100;

/**
 * A value of unknown origin, e.g. the answer of a client library, as plain data: copied from its own properties, as `JSON.stringify` would
 * write it. Throws an `Error` that says why it cannot be written.
 */
export function plainJson(value: unknown, path: readonly object[] = []): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') throw new Error(`it contains a ${typeof value}`);
  if (path.includes(value)) throw new Error('it contains itself');
  if (path.length === deepest) throw new Error(`it is nested more than ${String(deepest)} levels deep`);
  if (value instanceof Date) return Number.isFinite(value.getTime()) ? value.toISOString() : null;
  const inside = [...path, value];
  if (Array.isArray(value)) return Array.from(value, (one: unknown) => plainJson(isLeftOut(one) ? null : one, inside));
  const fields = Object.entries(value).filter(([, one]) => !isLeftOut(one));
  return Object.fromEntries(fields.map(([name, one]) => [name, plainJson(one, inside)]));
}

const isLeftOut = (value: unknown): boolean => value === undefined || typeof value === 'function' || typeof value === 'symbol';
