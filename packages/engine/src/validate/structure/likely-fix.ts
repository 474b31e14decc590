import type { SchemaNode } from './shape-words.ts';

/** What somebody who wrote a value of the wrong kind most likely wants to write; undefined when nothing is likely. */
export function likelyFix(value: unknown, { type, items }: SchemaNode, written: string | undefined): string | undefined {
  const types = [type].flat();
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  if (typeof value === 'string' && types.includes('array') && items?.type === 'string') return `Write it as a list: [${value}].`;
  if (isScalar && types.includes('string')) return `Put it in quotes if it is meant as a text: "${written ?? String(value)}".`;
  if (value === null && (types.includes('object') || types.includes('array'))) return 'Indent what belongs to it below it, or remove the key.';
  return undefined;
}
