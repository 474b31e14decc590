import { isPlain } from './is-plain.ts';
import { entrySchema, fieldSchema, type SchemaNode } from './schema-node.ts';

/** What is done with one value on its way through a schema. */
export interface Visitor {
  /** The value to put there, wrapped; `undefined` to go on inside it. */
  leaf(node: SchemaNode, value: unknown): { readonly value: unknown } | undefined;
  /** Which of several schemas a value is of. */
  fits(node: SchemaNode, value: unknown): boolean;
  readonly fillsDefaults: boolean;
}

/** Rebuilds a value along its schema. What the schema does not speak of stays as it is. */
export function walkSchema(schema: SchemaNode, value: unknown, visitor: Visitor): unknown {
  const node = branchOf(schema, value, visitor);
  const leaf = visitor.leaf(node, value);
  if (leaf) return leaf.value;
  if (Array.isArray(value)) return value.map((entry, n) => walkSchema(entrySchema(node, n), entry, visitor));
  return isPlain(value) ? walkFields(node, value, visitor) : value;
}

function walkFields(node: SchemaNode, value: Readonly<Record<string, unknown>>, visitor: Visitor): unknown {
  const fields = visitor.fillsDefaults ? { ...defaultsOf(node), ...definedIn(value) } : definedIn(value);
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, walkSchema(fieldSchema(node, name), field, visitor)]),
  );
}

const defaultsOf = (node: SchemaNode): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(node.properties ?? {}).flatMap(([name, field]) => ('default' in field ? [[name, field.default]] : [])),
  );

/** Itself where nothing is undefined, as in all that was ever JSON. */
const definedIn = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.values(value).includes(undefined) ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) : value;

/** A schema without alternatives: what it says itself, with the one that fits, or with all of them. */
function branchOf(node: SchemaNode, value: unknown, visitor: Visitor): SchemaNode {
  // Nearly all have none, and every step's configuration is walked.
  if (!node.anyOf && !node.oneOf && !node.allOf) return node;
  const { anyOf, oneOf, allOf, ...own } = node;
  const options = anyOf ?? oneOf;
  const parts = options ? [options.find((option) => visitor.fits(option, value)) ?? {}] : (allOf ?? []);
  return parts
    .map((part) => branchOf(part, value, visitor))
    .reduce<SchemaNode>((whole, part) => ({ ...whole, ...part, properties: { ...whole.properties, ...part.properties } }), own);
}
