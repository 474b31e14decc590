import type { TSchema } from 'typebox';
import { schemaKeyword } from '../contract/schema-words.ts';
import type { FieldTypes, ScopeType } from '../expressions/scope.ts';
import { isQuantityKind } from './written-form.ts';

interface SchemaNode {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly [schemaKeyword]?: unknown;
}

/** What a schema says about each of its fields, in the types of the language. */
export function fieldTypesOf(schema: TSchema): FieldTypes {
  const { properties = {} } = schema as SchemaNode;
  return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, scopeTypeOf(field)]));
}

/** What a field takes; `secret` where nothing but a secret does, `any` where the schema says nothing simple. */
export function expectedAt(schema: TSchema, path: readonly (string | number)[]): ScopeType | 'secret' {
  let node: SchemaNode | undefined = schema;
  for (const part of path) node = node && inside(node, part);
  if (node?.[schemaKeyword] === 'secret') return 'secret';
  return node ? scopeTypeOf(node) : 'any';
}

function inside(node: SchemaNode, part: string | number): SchemaNode | undefined {
  if (typeof part === 'number') return node.items;
  const others = Object.values(node.patternProperties ?? {})[0] ?? node.additionalProperties;
  return node.properties?.[part] ?? (typeof others === 'object' ? others : undefined);
}

const simple: Readonly<Record<string, ScopeType>> = {
  string: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  array: 'list',
  object: 'map',
};

function scopeTypeOf(node: SchemaNode): ScopeType {
  const word = node[schemaKeyword];
  if (isQuantityKind(word)) return word;
  return (typeof node.type === 'string' ? simple[node.type] : undefined) ?? 'any';
}
