import { schemaKeyword } from '../../contract/schema-words.ts';
import type { FilledNode } from '../../plugins/filled-point.ts';

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
