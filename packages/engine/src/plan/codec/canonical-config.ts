import type { TSchema } from 'typebox';
import { schemaKeyword } from '../../contract/schema-words.ts';
import { parseQuantity, printQuantity } from '../../expressions/quantities/quantity.ts';
import { isExpression, isSecretReference, isTemplate, type Value } from '../../expressions/value.ts';
import { isQuantityKind } from '../../validate/structure/is-as-written.ts';
import { fitsWritten } from './decode.ts';
import { fitsSchema } from './fits-schema.ts';
import { type Visitor, walkSchema } from './walk-schema.ts';

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

const isUnknown = (value: unknown): boolean => isExpression(value as Value) || isTemplate(value as Value);
