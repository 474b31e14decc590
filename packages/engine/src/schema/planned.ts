import type { TSchema } from 'typebox';
import { isLater, type Later, type Secret } from '../contract/index.ts';
import { schemaKeyword } from '../contract/schema-words.ts';
import { expressionOf } from '../expressions/names-in.ts';
import { parseQuantity, printQuantity } from '../expressions/quantities/quantity.ts';
import { type Expression, isExpression, isSecretReference, isUnknown, holdsUnknown, type Template, type Value } from '../expressions/value.ts';
import { fitsWritten, type SecretTexts, SecretValue } from './decode.ts';
import { asWritten, provide, writtenAt } from './points.ts';
import { entrySchema, fieldSchema, type SchemaNode } from './schema-node.ts';
import { fitsSchema, scalarFits, type Visitor, walkSchema } from './walk-schema.ts';
import { isQuantityKind } from './written-form.ts';

/**
 * A configuration before the run, as `verify`, `preview` and `unfold` get it: numbers for quantities, `Later` for what is not known yet. A
 * secret that has no value yet says so when it is revealed.
 */
export const decodePlanned = (schema: TSchema, value: Value, secrets: SecretTexts = {}): unknown =>
  walkSchema(schema, value, toPlanned(secrets));

/** The reverse, for the children that a composite adds. */
export const encodePlanned = (schema: TSchema, value: unknown): Value => walkSchema(schema, value, fromPlanned) as Value;

const toPlanned = (secrets: SecretTexts): Visitor => ({
  fillsDefaults: true,
  fits: (node, value) => fitsSchema(node, value, (inner, leaf) => isUnknown(leaf) || fitsWritten(inner, leaf)),
  leaf(node, value) {
    if (isUnknown(value)) return { value: laterOf(value) };
    if (isSecretReference(value as Value)) return { value: secretBefore((value as { $secret: string }).$secret, secrets) };
    const kind = node[schemaKeyword];
    if (kind === 'point') {
      if (holdsUnknown(value)) return { value: laterPoint(value as Value) };
      return provide(node, value, (schema, settings) => walkSchema(schema, settings, toPlanned(secrets)));
    }
    if (!isQuantityKind(kind) || typeof value !== 'string') return undefined;
    const parsed = parseQuantity(kind, value);
    return parsed.ok ? { value: parsed.value } : undefined;
  },
});

function secretBefore(name: string, secrets: SecretTexts): Secret {
  const text = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  return text === undefined ? referenceTo(name) : new SecretValue(name, text);
}

const fromPlanned: Visitor = {
  fillsDefaults: false,
  fits: (node, value) => fitsSchema(node, value, fitsPlanned),
  leaf(node, value) {
    const written = writtenAt(value);
    if (written !== undefined) return { value: canonicalConfig(node, written) };
    if (isLater(value)) return { value: laterValue(value) };
    if (isReference(value)) return { value: { $secret: value.secret } };
    const kind = node[schemaKeyword];
    return isQuantityKind(kind) && typeof value === 'number' ? { value: printQuantity(kind, value) } : undefined;
  },
};

function fitsPlanned(node: SchemaNode, value: unknown): boolean {
  if (isLater(value)) return true;
  if (node[schemaKeyword] === 'point') return writtenAt(value) !== undefined;
  if (isReference(value) || node[schemaKeyword] === 'secret') return isReference(value) && node[schemaKeyword] === 'secret';
  return isQuantityKind(node[schemaKeyword]) ? typeof value === 'number' : scalarFits(node, value);
}

/** Also a template is one expression: its parts, printed and joined. */
function laterOf(value: Expression | Template): Later<unknown> {
  if (isExpression(value)) return { $later: value.$expr };
  const parts = value.$text.map((part) => (typeof part === 'string' ? JSON.stringify(part) : `string(${part.$expr})`));
  return { $later: parts.join(' + ') };
}

/** A point below whose name something comes later; a composite that hands it on hands on what was written. */
const laterPoint = (value: Value): Later<unknown> => asWritten({ $later: expressionsIn(value).join(', ') }, value);

const expressionsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return isUnknown(value) ? [laterOf(value).$later] : Object.values(value).flatMap(expressionsIn);
};

/** What a composite says comes later, as the plan holds it. */
export const laterValue = ({ $later }: Later<unknown>): Expression => expressionOf($later);

const referenceTo = (secret: string): Secret => ({
  secret,
  reveal() {
    throw new Error(`the secret ${secret} has no value here`);
  },
});

const isReference = (value: unknown): value is Secret => typeof value === 'object' && value !== null && 'reveal' in value;

/** Quantities as a plan writes them everywhere: the `90s` of the file is `1m30s`. */
export const canonicalConfig = (schema: TSchema, value: Value): Value => walkSchema(schema, value, canonical) as Value;

const canonical: Visitor = {
  fillsDefaults: false,
  fits: (node, value) => fitsSchema(node, value, (inner, leaf) => isUnknown(leaf) || fitsWritten(inner, leaf)),
  leaf(node, value) {
    if (isUnknown(value) || isSecretReference(value as Value)) return { value };
    const kind = node[schemaKeyword];
    const parsed = isQuantityKind(kind) && typeof value === 'string' ? parseQuantity(kind, value) : undefined;
    return isQuantityKind(kind) && parsed?.ok ? { value: printQuantity(kind, parsed.value) } : undefined;
  },
};

type Path = readonly (string | number)[];

/** The paths of fields that a composite unfolds by and that are known only in the run: in them only scalars may come later. */
export const unknownShapes = (schema: TSchema, value: Value): readonly Path[] => search(schema, value, false, []);

function search(node: SchemaNode, value: Value, isInShape: boolean, path: Path): readonly Path[] {
  const isShape = isInShape || node[schemaKeyword] === 'shape';
  if (typeof value !== 'object' || value === null) return [];
  if (isUnknown(value)) return isShape && hasInside(node) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((entry: Value, n) => search(entrySchema(node, n), entry, isShape, [...path, n]));
  const fields = Object.entries(value as Readonly<Record<string, Value>>);
  return fields.flatMap(([name, field]) => search(fieldSchema(node, name), field, isShape, [...path, name]));
}

const hasInside = ({ type }: SchemaNode): boolean => type === 'array' || type === 'object';
