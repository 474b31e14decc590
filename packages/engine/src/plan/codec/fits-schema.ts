import { entrySchema, fieldSchema, type SchemaNode } from './schema-node.ts';

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
