import type { ErrorObject } from 'ajv/dist/2020.js';
import { schemaKeyword } from '../../contract/schema-words.ts';
import { diagnose } from '../../errors/diagnose.ts';
import type { Diagnostic } from '../../errors/diagnostic.ts';
import { parseQuantity } from '../../expressions/quantity.ts';
import type { Path, RawPipeline } from '../../load/raw-pipeline.ts';
import { closestNames } from '../../util/closest-names.ts';
import { expectsKeyword, orList } from '../shapes/words.ts';
import { isQuantityKind } from './is-as-written.ts';
import { notBuiltYet } from './not-built-yet.ts';

/** One error of the schema validator in the reader's words. `subject`: what was looked at, e.g. `step "build"`. */
export function translateShapeError(error: ErrorObject, base: Path, subject: string, raw: RawPipeline): Diagnostic {
  const path = [...base, ...pathOf(error.instancePath)];
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, path, subject, raw);
    case 'required': {
      const key = (error.params as { missingProperty: string }).missingProperty;
      return diagnose('REL_KEY_MISSING', { key, where: whereOf(path, base, subject) }, raw.placeOf(path));
    }
    case schemaKeyword:
      return asWritten(error, path, raw);
    default:
      return wrongValue(error, path, subject, raw);
  }
}

/** The key of the mapping that was looked at in which an error lies; undefined when it lies in none. */
export function wrongKeyOf(error: ErrorObject): string | undefined {
  const [first] = pathOf(error.instancePath);
  if (first !== undefined) return String(first);
  return error.keyword === 'additionalProperties' ? (error.params as { additionalProperty: string }).additionalProperty : undefined;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly [schemaKeyword]?: string;
  readonly [expectsKeyword]?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
}

const schemaOf = (error: ErrorObject): SchemaNode => (error.parentSchema ?? {}) as SchemaNode;

/** A JSON Pointer (RFC 6901) as a path. */
const pathOf = (pointer: string): Path =>
  pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Inside a construct the key that leads there names the place: `"retry" of step "build"`. */
function whereOf(path: Path, base: Path, subject: string): string {
  const inside = path.slice(base.length);
  return inside.length === 0 ? subject : `"${inside.join('.')}" of ${subject}`;
}

function unknownKey(error: ErrorObject, path: Path, subject: string, raw: RawPipeline): Diagnostic {
  const key = (error.params as { additionalProperty: string }).additionalProperty;
  const at = raw.placeOfKey([...path, key]);
  if (notBuiltYet.has(key)) return diagnose('REL_NOT_BUILT_YET', { key }, at);
  if ((error.data as Readonly<Record<string, unknown>>)[key] === null && (raw.sourceTextOf([...path, key]) ?? '') === '') {
    return diagnose('REL_KEY_WITHOUT_VALUE', { key, where: subject }, at);
  }
  const known = Object.keys(schemaOf(error).properties ?? {});
  const close = closestNames(key, known);
  return diagnose('REL_KEY_UNKNOWN', { key, where: subject, close, known }, at);
}

function asWritten(error: ErrorObject, path: Path, raw: RawPipeline): Diagnostic {
  const kind = error.schema as string;
  const text = String(error.data);
  if (isQuantityKind(kind)) return withoutUnit(kind, text, path, raw);
  return diagnose('REL_SECRET_NEEDED', { key: String(path.at(-1)) }, raw.placeOf(path));
}

function withoutUnit(kind: Parameters<typeof parseQuantity>[0], text: string, path: Path, raw: RawPipeline): Diagnostic {
  const parsed = parseQuantity(kind, text);
  return diagnose('REL_UNIT_MISSING', { kind, text, likely: parsed.ok ? [] : parsed.likely }, raw.placeOf(path));
}

function wrongValue(error: ErrorObject, path: Path, subject: string, raw: RawPipeline): Diagnostic {
  const schema = schemaOf(error);
  const word = schema[schemaKeyword];
  if (error.keyword === 'type' && typeof error.data === 'number' && isQuantityKind(word)) {
    return withoutUnit(word, raw.sourceTextOf(path) ?? String(error.data), path, raw);
  }
  const last = path.at(-1);
  const key = last === undefined || path.length === 0 ? subject : typeof last === 'string' && !/^\d+$/.test(last) ? `"${last}"` : `item ${Number(last) + 1} of "${path.at(-2) ?? ''}"`;
  const written = describe(error.data);
  const close = typeof error.data === 'string' ? closestNames(error.data, (schema.enum ?? []).map(String)) : [];
  return diagnose('REL_VALUE_UNEXPECTED', { key, expected: expectedOf(error, schema), found: written, close }, raw.placeOf(path));
}

function expectedOf(error: ErrorObject, schema: SchemaNode): string {
  const own = schema[expectsKeyword];
  if (own !== undefined) return own;
  if (isQuantityKind(schema[schemaKeyword])) return quantityWords[schema[schemaKeyword]];
  if (schema[schemaKeyword] === 'secret') return 'a secret: "${{ secrets.NAME }}"';
  if (schema.enum) return orList(schema.enum.map(String));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const limit = (error.params as { limit?: number }).limit;
  return limitWords(error.keyword, limit) ?? typeWords(schema.type);
}

const quantityWords = { duration: 'a duration, e.g. 30s or 24h', percent: 'a percentage, e.g. 10%', size: 'a size, e.g. 512MiB' } as const;

function limitWords(keyword: string, limit: number | undefined): string | undefined {
  switch (keyword) {
    case 'minimum':
      return `${limit} or more`;
    case 'maximum':
      return `${limit} or less`;
    case 'minItems':
    case 'minProperties':
      return `at least ${limit} of them`;
    case 'maxItems':
    case 'maxProperties':
      return `at most ${limit} of them`;
    case 'minLength':
      return limit === 1 ? 'a text that is not empty' : `a text of ${limit} characters or more`;
    case 'uniqueItems':
      return 'a list without repetitions';
    default:
      return undefined;
  }
}

const typeNouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

function typeWords(type: SchemaNode['type']): string {
  const types = typeof type === 'string' ? [type] : (type ?? []);
  return types.length === 0 ? 'another value' : orList(types.map((name) => typeNouns[name] ?? name));
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  return typeof value === 'number' ? `the number ${value}` : JSON.stringify(value);
}
