import type { ErrorObject } from 'ajv/dist/2020.js';
import { schemaKeyword } from '../../contract/schema-words.ts';
import { diagnose, type Diagnostic } from '../../errors/diagnostic.ts';
import { parseQuantity, printQuantity } from '../../expressions/quantities/quantity.ts';
import type { Path, RawPipeline } from '../../load/raw-pipeline.ts';
import { describe, expectedOf, meaningOf } from '../../schema/describe.ts';
import type { SchemaNode } from '../../schema/schema-node.ts';
import { missingKeyOf, pathOfPointer, unknownKeyOf } from '../../schema/shape-errors.ts';
import { beyondLimit, isQuantityKind } from '../../schema/written-form.ts';
import { closestNames } from '../../util/closest-names.ts';
import { likelyFix, notImplemented, ownerOfKey, suggestKeys } from './suggestions.ts';
import { alternativesOf } from './relevant-errors.ts';
import { takesExpressions } from './takes-expressions.ts';
import { translatePointError } from './translate-point-error.ts';

/** One error of the schema validator in plain words. `subject`: what was checked, e.g. `step "build"`. */
export function translateShapeError(error: ErrorObject, base: Path, subject: string, raw: RawPipeline): Diagnostic {
  const path = [...base, ...pathOfPointer(error.instancePath)];
  const where = whereOf(path, base, subject);
  const atPoint = translatePointError(error, path, where, raw);
  if (atPoint) return atPoint;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, path, where, raw);
    case 'required': {
      const key = missingKeyOf(error);
      const expected = meaningOf(schemaOf(error).properties?.[key]);
      return diagnose('REL_KEY_MISSING', { key, where, ...(expected !== undefined && { expected }) }, raw.placeOf(path));
    }
    case 'dependentRequired': {
      const { property } = error.params as { property: string };
      return diagnose('REL_KEY_NEEDS_OTHER', { key: property, other: missingKeyOf(error), where }, raw.placeOfKey([...path, property]));
    }
    case schemaKeyword:
      return asWritten(error, path, where, raw);
    default:
      return wrongChoice(error, path, where, raw) ?? wrongValue(error, path, where, raw);
  }
}

/** The path to the wrong value, as far as it leads through mappings: leaving out an item of a list would move the others. */
export function wrongPathOf(error: ErrorObject): Path {
  const path = pathOfPointer(error.instancePath);
  const whole = error.keyword === 'additionalProperties' ? [...path, unknownKeyOf(error)] : path;
  const item = whole.findIndex((part) => /^\d+$/.test(part));
  return item === -1 ? whole : whole.slice(0, item);
}

const schemaOf = (error: ErrorObject): SchemaNode => (error.parentSchema ?? {}) as SchemaNode;

/** The keys of a path, innermost first: `item 2 of "phases" of "with" of step "canary"`. */
const whereOf = (path: Path, base: Path, subject: string): string =>
  [...path.slice(base.length).toReversed().map(partName), subject].join(' of ');

const partName = (part: string | number): string => (/^\d+$/.test(String(part)) ? `item ${Number(part) + 1}` : `"${part}"`);

function unknownKey(error: ErrorObject, path: Path, where: string, raw: RawPipeline): Diagnostic {
  const key = unknownKeyOf(error);
  const at = raw.placeOfKey([...path, key]);
  if (notImplemented.has(key)) return diagnose('REL_NOT_IMPLEMENTED', { key }, at);
  const isBare = (error.data as Readonly<Record<string, unknown>>)[key] === null && (raw.sourceTextOf([...path, key]) ?? '') === '';
  const [, name, value] = /^([\w-]+):(\S+)$/.exec(key) ?? [];
  if (isBare && name !== undefined && value !== undefined) return diagnose('REL_YAML_COLON_SPACE', { key: name, value }, at);
  const known = Object.keys(schemaOf(error).properties ?? {});
  const close = suggestKeys(key, known);
  if (isBare && close.length === 0) return diagnose('REL_KEY_WITHOUT_VALUE', { key, where }, at);
  const belongs = close.length === 0 ? ownerOfKey(key, path) : undefined;
  if (belongs !== undefined) return diagnose('REL_KEY_MISPLACED', { key, where, belongs }, at);
  return diagnose('REL_KEY_UNKNOWN', { key, where, close, known }, at);
}

function asWritten(error: ErrorObject, path: Path, where: string, raw: RawPipeline): Diagnostic {
  const kind = error.schema as string;
  const text = String(error.data);
  if (isQuantityKind(kind)) return wrongQuantity(kind, text, schemaOf(error), path, where, raw);
  return diagnose('REL_SECRET_REQUIRED', { key: String(path.at(-1)) }, raw.placeOf(path));
}

function wrongQuantity(
  kind: Parameters<typeof parseQuantity>[0],
  text: string,
  schema: SchemaNode,
  path: Path,
  where: string,
  raw: RawPipeline,
): Diagnostic {
  const parsed = parseQuantity(kind, text);
  const beyond = parsed.ok ? beyondLimit(parsed.value, schema) : undefined;
  if (beyond !== undefined) {
    return diagnose(
      'REL_QUANTITY_OUT_OF_RANGE',
      { key: String(path.at(-1)), text, beyond, limit: printQuantity(kind, schema[beyond] ?? 0) },
      raw.placeOf(path),
    );
  }
  return diagnose(
    'REL_QUANTITY_INVALID',
    { key: keyName(path, where), kind, text, likely: parsed.ok ? [] : parsed.likely },
    raw.placeOf(path),
  );
}

/** None of the keys of which a mapping has exactly one, or several. */
function wrongChoice(error: ErrorObject, path: Path, where: string, raw: RawPipeline): Diagnostic | undefined {
  const choices = alternativesOf(error);
  if (!choices) return undefined;
  const found = [...new Set(choices.flat())].filter((key) => Object.hasOwn(error.data as object, key));
  const related = found.length < 2 ? [] : found.map((key) => ({ at: raw.placeOfKey([...path, key]), note: `\`${key}\` is here` }));
  return diagnose('REL_KEY_EXACTLY_ONE', { where, choices, found }, raw.placeOf(path), related);
}

function wrongValue(error: ErrorObject, path: Path, where: string, raw: RawPipeline): Diagnostic {
  const schema = schemaOf(error);
  const word = schema[schemaKeyword];
  if (typeof error.data === 'string' && error.data.includes('${{') && !takesExpressions(path)) {
    return diagnose('REL_LITERAL_REQUIRED', { key: String(path.findLast((part) => !/^\d+$/.test(String(part)))), kind: 'value' }, raw.placeOf(path));
  }
  if (error.keyword === 'type' && typeof error.data === 'number' && isQuantityKind(word)) {
    return wrongQuantity(word, raw.sourceTextOf(path) ?? String(error.data), schema, path, where, raw);
  }
  if (error.keyword === 'uniqueItems') return repeated(error, path, raw);
  const close = typeof error.data === 'string' ? closestNames(error.data, (schema.enum ?? []).map(String)) : [];
  const expected = expectedOf(error, schema);
  const fix = likelyFix(error, schema, expected, raw.sourceTextOf(path));
  const details = { key: keyName(path, where), expected, found: describe(error.data), close, ...(fix !== undefined && { fix }) };
  return diagnose('REL_VALUE_UNEXPECTED', details, raw.placeOf(path));
}

function repeated(error: ErrorObject, path: Path, raw: RawPipeline): Diagnostic {
  const { i, j } = error.params as { i: number; j: number };
  const second = Math.max(i, j);
  const item = String((error.data as readonly unknown[])[second]);
  return diagnose('REL_ITEM_DUPLICATE', { key: String(path.at(-1)), item }, raw.placeOf([...path, second]));
}

/** `"timeout"`, `item 2 of "phases"`; the subject itself where there is no key. */
function keyName(path: Path, where: string): string {
  const last = path.at(-1);
  if (last === undefined) return where;
  return /^\d+$/.test(String(last)) && path.length > 1 ? `${partName(last)} of "${path.at(-2) ?? ''}"` : `"${last}"`;
}
