import { entrySchema, fieldSchema, isPlainObject, type SchemaNode } from './schema-node.ts';

export type SchemaPath = readonly (string | number)[];

/** What happens to the values on their way through a schema. */
export interface Visitor {
  /** Returns the value to put there, wrapped; undefined to continue inside it. */
  visit(node: SchemaNode, value: unknown, path: SchemaPath): { readonly value: unknown } | undefined;
  /** Whether a value fits one of several schemas. */
  fits(node: SchemaNode, value: unknown): boolean;
  readonly fillsDefaults: boolean;
}

/** Rebuilds a value along its schema. Values that the schema says nothing about stay as they are. */
export function visitSchema(schema: SchemaNode, value: unknown, visitor: Visitor, path: SchemaPath = []): unknown {
  const node = branchFor(schema, value, visitor);
  const visited = visitor.visit(node, value, path);
  if (visited) return visited.value;
  if (Array.isArray(value)) return value.map((entry, n) => visitSchema(entrySchema(node, n), entry, visitor, [...path, n]));
  if (!isPlainObject(value)) return value;
  const fields = visitor.fillsDefaults ? { ...defaultsOf(node), ...definedIn(value) } : definedIn(value);
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, visitSchema(fieldSchema(node, name), field, visitor, [...path, name])]));
}

const defaultsOf = ({ properties = {} }: SchemaNode): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(properties).flatMap(([name, field]) => ('default' in field ? [[name, field.default]] : [])));

/** The mapping itself where nothing is undefined, as in every value that was ever JSON. */
const definedIn = (value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.values(value).includes(undefined) ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) : value;

/** A schema without alternatives: its own keywords, with those of the branch that fits, or of all of them. */
function branchFor(node: SchemaNode, value: unknown, visitor: Visitor): SchemaNode {
  // Nearly all schemas have none, and the configuration of every step is visited.
  if (!node.anyOf && !node.oneOf && !node.allOf) return node;
  const { anyOf, oneOf, allOf, ...own } = node;
  const options = anyOf ?? oneOf;
  const parts = options ? [options.find((option) => visitor.fits(option, value)) ?? {}] : (allOf ?? []);
  return parts
    .map((part) => branchFor(part, value, visitor))
    .reduce<SchemaNode>((whole, part) => ({ ...whole, ...part, properties: { ...whole.properties, ...part.properties } }), own);
}

/** A schema in which `replace` has replaced nodes; the same object where it has replaced nothing. */
export function replaceNodes(schema: unknown, replace: (node: object) => object | undefined): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  const replaced = replace(schema);
  if (replaced) return replaced;
  const parts = Object.entries(schema).map(([key, part]) => [key, replaceNodes(part, replace)] as const);
  if (parts.every(([key, part]) => part === (schema as Readonly<Record<string, unknown>>)[key])) return schema;
  return Array.isArray(schema) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}
