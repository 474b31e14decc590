import type { Provision } from '../contract/index.ts';
import { schemaKeyword } from '../contract/schema-words.ts';

/** Says in plain words what a field takes: "… must be a list of stage names". */
export const expectsKeyword = 'x-expects';

/** Under this symbol the schema of a point carries what fills it: JSON Schema has no keyword for something to call. */
export const fillingKey = Symbol('filled point');

/** The keywords of JSON Schema that the engine reads itself. It leaves the others to ajv. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly required?: readonly string[];
  readonly dependentRequired?: Readonly<Record<string, readonly string[]>>;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly items?: SchemaNode | boolean;
  readonly prefixItems?: readonly SchemaNode[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly description?: string;
  readonly [schemaKeyword]?: string;
  readonly [expectsKeyword]?: string;
  readonly [fillingKey]?: FilledPoint;
}

/** A point with what the plugins of a pipeline provide to it. */
export interface FilledPoint {
  readonly name: string;
  readonly provisions: ReadonlyMap<string, Provision>;
  /** The package that would bring a name, where that is known. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** The schema of a field of a mapping; an empty one where the schema says nothing about it. */
export function fieldSchema(node: SchemaNode, name: string): SchemaNode {
  const own = node.properties && Object.hasOwn(node.properties, name) ? node.properties[name] : undefined;
  if (own) return own;
  const byPattern = Object.entries(node.patternProperties ?? {}).find(([pattern]) => matches(pattern, name))?.[1];
  return byPattern ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : {});
}

/** The schema of the n-th entry of a list, counted from 0; an empty one where the schema says nothing about it. */
export const entrySchema = (node: SchemaNode, n: number): SchemaNode =>
  node.prefixItems?.[n] ?? (typeof node.items === 'object' ? node.items : {});

/** Whether a string matches a pattern of a schema. Throws a `SyntaxError` when the pattern is not a regular expression. */
export function matches(pattern: string, text: string): boolean {
  let expression = expressions.get(pattern);
  if (!expression) expressions.set(pattern, (expression = new RegExp(pattern, 'u')));
  return expression.test(text);
}

const expressions = new Map<string, RegExp>();

/** Whether a value is a mapping as JSON has them, and not an instance of a class. */
export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
