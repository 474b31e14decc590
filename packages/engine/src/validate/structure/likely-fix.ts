import type { ErrorObject } from 'ajv/dist/2020.js';
import type { SchemaNode } from './shape-words.ts';

/** What somebody who wrote a value of the wrong kind most likely wants to write; undefined when nothing is likely. */
export function likelyFix({ keyword, data: value }: ErrorObject, schema: SchemaNode, expected: string, written: string | undefined): string | undefined {
  if (keyword === 'pattern') return schema.description === undefined ? `It has to match ${schema.pattern ?? ''}.` : `What it takes: ${schema.description.replace(/\.$/, '')}.`;
  if (keyword !== 'type') return undefined;
  const types = typesOf(schema);
  if (value === null) return types.some((type) => type === 'object' || type === 'array') ? `Write ${expected}, on the same line or indented below it.` : undefined;
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  if (types.includes('array') && schema.items && typesOf(schema.items).includes(typeof value)) return `Write it as a list: [${String(value)}].`;
  if (isScalar && types.includes('string')) return `Put it in quotes if it is meant as a text: "${written ?? String(value)}".`;
  return undefined;
}

const typesOf = ({ type }: SchemaNode): readonly unknown[] => [type].flat();
