import { entrySchema, fieldSchema, isPlain, type SchemaNode } from './schema-node.ts';

/** What is done with one value on its way through a schema. */
export interface Visitor {
  /** The value to put there, wrapped; `undefined` to continue inside it. */
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

/** Whether a scalar is of a schema that has no inside. */
export type FitsScalar = (node: SchemaNode, value: unknown) => boolean;

/** Whether a value could be of a schema: enough to tell the branches of a union apart, no validation. */
export function fitsSchema(node: SchemaNode, value: unknown, fitsScalar: FitsScalar): boolean {
  const { anyOf, oneOf, allOf, ...own } = node;
  const options = anyOf ?? oneOf;
  if (options) return options.some((option) => fitsSchema(option, value, fitsScalar)) && fitsSchema(own, value, fitsScalar);
  if (allOf) return allOf.every((part) => fitsSchema(part, value, fitsScalar)) && fitsSchema(own, value, fitsScalar);
  if ('const' in node) return node.const === value;
  if (node.enum) return node.enum.includes(value);
  if (Array.isArray(value)) {
    return isOf(node, 'array') && value.every((entry, n) => fitsSchema(entrySchema(node, n), entry, fitsScalar));
  }
  if (typeof value === 'object' && value !== null && !fitsScalar(node, value)) return fitsMapping(node, value, fitsScalar);
  return fitsScalar(node, value);
}

function fitsMapping(node: SchemaNode, value: object, fitsScalar: FitsScalar): boolean {
  if (!isOf(node, 'object') || node.required?.some((name) => !(name in value))) return false;
  return Object.entries(value).every(([name, field]) => {
    const isAllowed = node.additionalProperties !== false || Object.hasOwn(node.properties ?? {}, name);
    return isAllowed && fitsSchema(fieldSchema(node, name), field, fitsScalar);
  });
}

const isOf = (node: SchemaNode, type: string): boolean => node.type === undefined || node.type === type;

/** The JSON Schema type of a scalar. */
export const scalarFits = ({ type }: SchemaNode, value: unknown): boolean => {
  if (type === undefined) return true;
  if (value === null) return type === 'null';
  if (typeof value === 'number') return type === 'number' || (type === 'integer' && Number.isInteger(value));
  return typeof value === type;
};
