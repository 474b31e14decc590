import type { TSchema } from 'typebox';
import { Check } from 'typebox/schema';
import { schemaKeyword } from '../../contract/schema-words.ts';
import { isAsWritten, type QuantityLimits } from './is-as-written.ts';

/**
 * Whether a value fits a JSON Schema, found without compiling the schema, which takes ten times as long as using it once. False says
 * nothing: the schema itself may be wrong. Whoever needs to know more asks for the errors.
 */
export function surelyFits(schema: TSchema, value: unknown): boolean {
  let checkable = known.get(schema);
  if (!checkable) known.set(schema, (checkable = withWords(schema) as TSchema));
  try {
    return Check(checkable, value);
  } catch {
    // E.g. a pattern that is none: the compiler says it with its place.
    return false;
  }
}

const known = new WeakMap<object, TSchema>();

/** The schema, its words of the contract as refinements that this check obeys. */
function withWords(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withWords);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, part]) => [key, withWords(part)]));
  const word = copy[schemaKeyword];
  if (!hasKnownType(copy)) return false;
  return typeof word === 'string' ? { ...copy, '~refine': [{ check: refinement(word, copy), error: () => word }] } : copy;
}

const refinement = (word: string, limits: QuantityLimits) => (value: unknown): boolean => typeof value !== 'string' || isAsWritten(word, value, limits);

/** Of a type that is none, `Check` would let everything pass. Under `properties`, `type` is the name of a field and its schema no text. */
const hasKnownType = ({ type }: Readonly<Record<string, unknown>>): boolean =>
  type === undefined || [type].flat().every((name) => typeof name !== 'string' || types.has(name));

const types = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']);
