import type { Json } from '../../contract/index.ts';
import type { ScopeTypes } from '../../expressions/scope.ts';
import type { Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import { readText } from './read-text.ts';

/** Any value of the file, with its texts taken apart: expressions, templates and secrets at every depth. */
export function readValue(value: Json, path: Path, scope: ScopeTypes, reading: Reading): Value {
  if (typeof value === 'string') return readText(value, path, scope, reading) ?? '';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json, index) => readValue(item, [...path, index], scope, reading));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, readValue(inner as Json, [...path, key], scope, reading)]),
  );
}
