import type { TSchema } from 'typebox';
import { schemaKeyword } from '../../contract/schema-words.ts';
import { isExpression, isTemplate, type Value } from '../../expressions/value.ts';
import { entrySchema, fieldSchema, type SchemaNode } from '../../schema/schema-node.ts';

type Path = readonly (string | number)[];

/** Fields that a composite unfolds by and that would be known only in the run: there only scalars may come later. */
export const unknownShapes = (schema: TSchema, value: Value): readonly Path[] => search(schema, value, false, []);

function search(node: SchemaNode, value: Value, isInShape: boolean, path: Path): readonly Path[] {
  const isShape = isInShape || node[schemaKeyword] === 'shape';
  if (typeof value !== 'object' || value === null) return [];
  if (isExpression(value) || isTemplate(value)) return isShape && hasInside(node) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((entry: Value, n) => search(entrySchema(node, n), entry, isShape, [...path, n]));
  const fields = Object.entries(value as Readonly<Record<string, Value>>);
  return fields.flatMap(([name, field]) => search(fieldSchema(node, name), field, isShape, [...path, name]));
}

const hasInside = ({ type }: SchemaNode): boolean => type === 'array' || type === 'object';
