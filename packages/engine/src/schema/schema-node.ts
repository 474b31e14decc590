import type { Provision } from '../contract/index.ts';
import { schemaKeyword } from '../contract/schema-words.ts';

/** What the codec looks at in a JSON Schema. */
export interface SchemaNode extends FilledNode {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | boolean;
  readonly prefixItems?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly allOf?: readonly SchemaNode[];
  readonly [schemaKeyword]?: unknown;
}

/** The schema of a mapping's field; an empty one where it says nothing. */
export function fieldSchema(node: SchemaNode, name: string): SchemaNode {
  const own = node.properties?.[name];
  if (own && Object.hasOwn(node.properties ?? {}, name)) return own;
  const byPattern = Object.entries(node.patternProperties ?? {}).find(([pattern]) => new RegExp(pattern, 'u').test(name))?.[1];
  return byPattern ?? (typeof node.additionalProperties === 'object' ? node.additionalProperties : {});
}

/** The schema of a list's n-th entry, counted from 0. */
export const entrySchema = (node: SchemaNode, n: number): SchemaNode =>
  node.prefixItems?.[n] ?? (typeof node.items === 'object' ? node.items : {});

/** Whether a value is a mapping as JSON has them, and no object with a life of its own. */
export const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

/** What is plugged into a point, from all plugins of a pipeline. */
export interface FilledPoint {
  readonly name: string;
  readonly provisions: ReadonlyMap<string, Provision>;
  /** The package that would bring a name, where that is known. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/** Under this symbol the schema of a point carries what fills it: JSON Schema has no word for something to call. */
export const fillingKey = Symbol('filled point');

export interface FilledNode {
  readonly [fillingKey]?: FilledPoint;
}
