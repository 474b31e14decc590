import { isDeepStrictEqual } from 'node:util';
import { schemaKeyword } from '../contract/schema-words.ts';
import { entrySchema, matches, type SchemaNode } from './schema-node.ts';
import { isAsWritten } from './written-form.ts';

/** How values differ from plain JSON, and what happens with keywords that are not read here. */
export interface Fitting {
  /** Decides about a value that JSON Schema cannot describe, such as a secret; undefined leaves it to the keywords. */
  readonly special: (node: SchemaNode, value: unknown) => boolean | undefined;
  /** Whether a node with an unsupported keyword may fit; default: it may. It may throw. */
  readonly unsupported?: (keyword: string) => boolean;
}

/** Whether a value fits a JSON Schema. Nothing is compiled: compiling a schema takes ten times as long as using it once. */
export function fits(node: SchemaNode | boolean, value: unknown, fitting: Fitting): boolean {
  if (typeof node === 'boolean') return node;
  const special = fitting.special(node, value);
  if (special !== undefined) return special;
  return (
    Object.keys(node).every((keyword) => supported.has(keyword) || (fitting.unsupported?.(keyword) ?? true)) &&
    isOfType(node, value) &&
    isOneOfValues(node, value) &&
    fitsBranches(node, value, fitting) &&
    fitsInside(node, value, fitting)
  );
}

const keywords = [
  'type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf',
  'properties', 'patternProperties', 'additionalProperties', 'required', 'dependentRequired', 'minProperties', 'maxProperties',
  'items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems',
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength', 'pattern',
];
const annotations = ['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'deprecated', 'format', 'x-expects', 'point'];
const supported = new Set([...keywords, ...annotations, schemaKeyword]);

function isOfType({ type }: SchemaNode, value: unknown): boolean {
  if (type === undefined) return true;
  return typeof type === 'string' ? isOf(type, value) : type.some((name) => isOf(name, value));
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isMapping(value);
    case 'number':
      return Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
    default:
      throw new TypeError(`"${type}" is not a type of JSON Schema`);
  }
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isOneOfValues = (node: SchemaNode, value: unknown): boolean =>
  (!('const' in node) || isDeepStrictEqual(node.const, value)) && (!node.enum || node.enum.some((known) => isDeepStrictEqual(known, value)));

function fitsBranches({ anyOf, oneOf, allOf }: SchemaNode, value: unknown, fitting: Fitting): boolean {
  const fitsBranch = (branch: SchemaNode): boolean => fits(branch, value, fitting);
  return (!anyOf || anyOf.some(fitsBranch)) && (!oneOf || oneOf.filter(fitsBranch).length === 1) && (!allOf || allOf.every(fitsBranch));
}

function fitsInside(node: SchemaNode, value: unknown, fitting: Fitting): boolean {
  if (typeof value === 'number') return isWithin(value, node);
  if (typeof value === 'string') return fitsString(node, value);
  if (Array.isArray(value)) return fitsList(node, value, fitting);
  return isMapping(value) ? fitsMapping(node, value, fitting) : true;
}

const isWithin = (value: number, { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity }: SchemaNode): boolean =>
  value >= minimum && value <= maximum && value > exclusiveMinimum && value < exclusiveMaximum;

function fitsString(node: SchemaNode, value: string): boolean {
  const { minLength = 0, maxLength = Infinity, pattern } = node;
  const word = node[schemaKeyword];
  const hasLimit = minLength > 0 || maxLength < Infinity;
  return (!hasLimit || isCount(Array.from(value).length, minLength, maxLength)) && (pattern === undefined || matches(pattern, value)) && (word === undefined || isAsWritten(word, value, node));
}

const isCount = (count: number, minimum = 0, maximum = Infinity): boolean => count >= minimum && count <= maximum;

function fitsList(node: SchemaNode, value: readonly unknown[], fitting: Fitting): boolean {
  if (!isCount(value.length, node.minItems, node.maxItems)) return false;
  if (node.items === false && value.length > (node.prefixItems?.length ?? 0)) return false;
  if (node.uniqueItems === true && value.some((entry, n) => value.slice(0, n).some((earlier) => isDeepStrictEqual(earlier, entry)))) return false;
  return value.every((entry, n) => fits(entrySchema(node, n), entry, fitting));
}

function fitsMapping(node: SchemaNode, value: Readonly<Record<string, unknown>>, fitting: Fitting): boolean {
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  if (!isCount(names.length, node.minProperties, node.maxProperties)) return false;
  const has = (name: string): boolean => names.includes(name);
  if (node.required?.every(has) === false) return false;
  if (Object.entries(node.dependentRequired ?? {}).some(([name, others]) => has(name) && !others.every(has))) return false;
  return names.every((name) => schemasFor(node, name).every((schema) => fits(schema, value[name], fitting)));
}

/** Every schema that applies to a field. */
function schemasFor({ properties = {}, patternProperties = {}, additionalProperties = true }: SchemaNode, name: string): readonly (SchemaNode | boolean)[] {
  const own = Object.hasOwn(properties, name) ? [properties[name] ?? {}] : [];
  const found = [...own, ...Object.entries(patternProperties).flatMap(([pattern, schema]) => (matches(pattern, name) ? [schema] : []))];
  return found.length > 0 ? found : [additionalProperties];
}
