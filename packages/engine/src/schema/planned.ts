import type { TSchema } from 'typebox';
import { isLater, type Later, type Secret } from '../contract/index.ts';
import { schemaKeyword } from '../contract/schema-words.ts';
import { expressionOf } from '../expressions/names-in.ts';
import { printQuantity } from '../expressions/quantities/quantity.ts';
import { type Expression, holdsUnknown, isExpression, isSecretReference, isUnknown, type SecretReference, type Template, type Value } from '../expressions/value.ts';
import { fitsWritten, isSecret, quantityOf, type SecretTexts, SecretValue, writtenQuantity } from './decode.ts';
import { fits } from './fits.ts';
import { markWritten, provide, writtenAt } from './points.ts';
import type { SchemaNode } from './schema-node.ts';
import { type SchemaPath, type Visitor, visitSchema } from './visit-schema.ts';
import { isQuantityKind } from './written-form.ts';

/**
 * A configuration before the run, as `verify`, `preview` and `unfold` get it: numbers for quantities, `Later` for values that are not known
 * yet. A secret without a value throws when it is revealed.
 */
export const decodePlanned = (schema: TSchema, value: Value, secrets: SecretTexts = {}): unknown => visitSchema(schema, value, toPlanned(secrets));

/** The reverse, for the children that a composite adds. */
export const encodePlanned = (schema: TSchema, value: unknown): Value => visitSchema(schema, value, fromPlanned) as Value;

/** A configuration with its quantities as a plan writes them everywhere: the `90s` of the file is `1m30s`. */
export const canonicalConfig = (schema: TSchema, value: Value): Value => visitSchema(schema, value, canonical) as Value;

const isOfWritten = (node: SchemaNode, value: unknown): boolean =>
  fits(node, value, { special: (inner, part) => isUnknown(part) || fitsWritten(inner, part) });

const canonical: Visitor = {
  fillsDefaults: false,
  fits: isOfWritten,
  visit(node, value) {
    if (isUnknown(value) || isSecretReference(value as Value)) return { value };
    const kind = node[schemaKeyword];
    const parsed = quantityOf(node, value);
    return isQuantityKind(kind) && parsed ? { value: printQuantity(kind, parsed.value) } : undefined;
  },
};

const toPlanned = (secrets: SecretTexts): Visitor => ({
  fillsDefaults: true,
  fits: isOfWritten,
  visit(node, value) {
    if (isUnknown(value)) return { value: laterOf(value) };
    if (isSecretReference(value as Value)) return { value: plannedSecret(value as SecretReference, secrets) };
    if (node[schemaKeyword] !== 'point') return quantityOf(node, value);
    // A composite that passes a point on passes on what was written.
    if (holdsUnknown(value)) return { value: markWritten({ $later: expressionsIn(value).join(', ') }, value as Value) };
    return provide(node, value, (schema, settings) => visitSchema(schema, settings, toPlanned(secrets)));
  },
});

function plannedSecret({ $secret: name }: SecretReference, secrets: SecretTexts): Secret {
  const text = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  return text === undefined ? secretWithoutValue(name) : new SecretValue(name, text);
}

const secretWithoutValue = (secret: string): Secret => ({
  secret,
  reveal() {
    throw new Error(`the secret ${secret} has no value here`);
  },
});

const fromPlanned: Visitor = {
  fillsDefaults: false,
  fits: (node, value) => fits(node, value, { special: fitsPlanned }),
  visit(node, value) {
    const written = writtenAt(value);
    if (written !== undefined) return { value: canonicalConfig(node, written) };
    if (isLater(value)) return { value: laterValue(value) };
    return isSecret(value) ? { value: { $secret: value.secret } } : writtenQuantity(node, value);
  },
};

function fitsPlanned(node: SchemaNode, value: unknown): boolean | undefined {
  const kind = node[schemaKeyword];
  if (isLater(value)) return true;
  if (kind === 'point') return writtenAt(value) !== undefined;
  if (kind === 'secret') return isSecret(value);
  return isQuantityKind(kind) ? typeof value === 'number' : undefined;
}

/** A template is one expression, too: its parts, printed and joined. */
function laterOf(value: Expression | Template): Later<unknown> {
  if (isExpression(value)) return { $later: value.$expr };
  const parts = value.$text.map((part) => (typeof part === 'string' ? JSON.stringify(part) : `string(${part.$expr})`));
  return { $later: parts.join(' + ') };
}

/** The reverse of `Later`: the expression as the plan holds it. */
export const laterValue = ({ $later }: Later<unknown>): Expression => expressionOf($later);

const expressionsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return isUnknown(value) ? [laterOf(value).$later] : Object.values(value).flatMap(expressionsIn);
};

/** The paths of the lists and mappings that a composite unfolds by and that are known only in the run: in them only scalars may come later. */
export function unknownShapes(schema: TSchema, value: Value): readonly SchemaPath[] {
  const [shapes, unknown]: [SchemaPath[], SchemaPath[]] = [[], []];
  visitSchema(schema, value, {
    fillsDefaults: false,
    fits: (node, part) => !isUnknown(part) && isOfWritten(node, part),
    visit(node, part, path) {
      if (node[schemaKeyword] === 'shape') shapes.push(path);
      if (!isUnknown(part)) return undefined;
      const isInShape = shapes.some((shape) => shape.every((name, n) => name === path[n]));
      if (isInShape && (node.type === 'array' || node.type === 'object')) unknown.push(path);
      return { value: part };
    },
  });
  return unknown;
}
