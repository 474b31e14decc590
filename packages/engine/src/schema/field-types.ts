import type { TSchema } from 'typebox';
import { schemaKeyword } from '../contract/schema-words.ts';
import type { FieldTypes, ScopeType } from '../expressions/scope.ts';
import { entrySchema, fieldSchema, type SchemaNode } from './schema-node.ts';
import type { SchemaPath } from './visit-schema.ts';
import { isQuantityKind } from './written-form.ts';

/** The fields of a mapping with their types in expressions. */
export const fieldTypesOf = (schema: TSchema): FieldTypes =>
  Object.fromEntries(Object.entries((schema as SchemaNode).properties ?? {}).map(([name, field]) => [name, scopeTypeOf(field)]));

/**
 * What the field at a path takes; `secret` where it takes nothing but a secret, `group` where it takes the name of a group, `condition` where it
 * takes a CEL expression, `any` where its
 * schema names no single type.
 */
export function expectedAt(schema: TSchema, path: SchemaPath): ScopeType | 'secret' | 'group' | 'condition' {
  const node = path.reduce<SchemaNode>((inner, part) => (typeof part === 'number' ? entrySchema(inner, part) : fieldSchema(inner, part)), schema);
  const word = node[schemaKeyword];
  return word === 'secret' || word === 'group' || word === 'condition' ? word : scopeTypeOf(node);
}

const scopeTypes: Readonly<Record<string, ScopeType>> = {
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
  return (typeof node.type === 'string' ? scopeTypes[node.type] : undefined) ?? 'any';
}
