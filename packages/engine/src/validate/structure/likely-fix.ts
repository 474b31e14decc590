import type { ErrorObject } from 'ajv/dist/2020.js';
import type { SchemaNode } from '../../schema/describe.ts';

/** What somebody who wrote a value of the wrong kind most likely wants to write; undefined when nothing is likely. */
export function likelyFix({ keyword, data: value }: ErrorObject, schema: SchemaNode, expected: string, written: string | undefined): string | undefined {
  if (keyword === 'pattern') return schema.description === undefined ? `It has to match ${schema.pattern ?? ''}.` : `What it takes: ${schema.description.replace(/\.$/, '')}.`;
  if (keyword !== 'type') return undefined;
  const types = typesOf(schema);
  if (value === null && types.some((type) => type === 'object' || type === 'array')) return `Write ${expected}, on the same line or indented below it.`;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  if (types.includes('array') && schema.items && typesOf(schema.items).includes(typeof value)) return `Write it as a list: [${value}].`;
  if (typeof value !== 'string' && types.includes('string')) return `Put it in quotes if it is meant as a text: "${written ?? value}".`;
  return undefined;
}

const typesOf = ({ type }: SchemaNode): readonly unknown[] => [type].flat();
