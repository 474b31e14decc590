import type { TSchema } from 'typebox';
import type { Json } from '../../../contract/index.ts';
import type { Value } from '../../../expressions/value.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import type { NamesAt } from '../../names-at.ts';
import type { Reading } from '../../reading.ts';
import { expectedAt } from '../../../schema/field-types.ts';
import { readText, readTextOrSecret } from '../read-text.ts';

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
    if (expected === 'secret' || expected === 'any') return readTextOrSecret(text, at, names, reading) ?? text;
    return readText(text, at, names, reading, expected) ?? text;
  }
}
