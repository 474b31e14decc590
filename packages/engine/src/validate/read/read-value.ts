import type { TSchema } from 'typebox';
import type { Json } from '../../contract/index.ts';
import { isSecretReference, type Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { NamesAt } from '../names-at.ts';
import type { Reading } from '../reading.ts';
import { expectedAt } from '../structure/field-types-of.ts';
import { readText } from './read-text.ts';

/** A tree of settings: every text in it taken apart, what expressions give measured by the schema. */
export function readSettings(settings: Json, schema: TSchema, path: Path, names: NamesAt, reading: Reading): Value {
  return readInside(settings, []);

  function readInside(value: Json, inside: Path): Value {
    if (typeof value === 'string') return readSetting(value, inside);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item: Json, index) => readInside(item, [...inside, index]));
    return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, Json]) => [key, readInside(inner, [...inside, key])]));
  }

  function readSetting(text: string, inside: Path): Value {
    const at = [...path, ...inside];
    const expected = expectedAt(schema, inside);
    const value = readText(text, at, names, reading, expected === 'secret' || expected === 'any' ? undefined : expected) ?? text;
    if (isSecretReference(value)) checkSecret(value.$secret, expected, at);
    return value;
  }

  function checkSecret(name: string, expected: ReturnType<typeof expectedAt>, at: Path): void {
    checkKnownSecret(name, names, at, reading);
    if (expected !== 'secret' && expected !== 'any') reading.report('REL_SECRET_NOT_HERE', { key: String(at.at(-1)), name }, at);
  }
}

/** A text where a secret may stand as well. */
export function readSecretOrText(text: string, path: Path, names: NamesAt, reading: Reading): Value {
  const value = readText(text, path, names, reading) ?? text;
  if (isSecretReference(value)) checkKnownSecret(value.$secret, names, path, reading);
  return value;
}

function checkKnownSecret(name: string, names: NamesAt, path: Path, reading: Reading): void {
  const known = names.types.secrets;
  if (!known.includes(name)) reading.reportUnknown('secret', name, known, path);
}
