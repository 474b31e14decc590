import type { QuantityKind } from '../contract/schema-words.ts';
import { parseQuantity, quantityKinds } from '../expressions/quantities/quantity.ts';
import { parseSecretReference } from '../expressions/templates/parse-templated.ts';

/**
 * Whether a string of the file has the form that the contract's keyword asks for: a secret is the whole value, a quantity has its unit. The values
 * of expressions are checked where expressions are.
 */
export function isAsWritten(word: unknown, text: string, limits: QuantityLimits = {}): boolean {
  if (word === 'secret') return loneSecret.test(text) && parseSecretReference(text.trim().slice(3, -2)) !== undefined;
  if (!isQuantityKind(word) || text.includes('${{')) return true;
  const parsed = parseQuantity(word, text);
  return parsed.ok && beyondLimit(parsed.value, limits) === undefined;
}

export interface QuantityLimits {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The limit that a quantity does not keep; undefined when it keeps both. */
export function beyondLimit(value: number, { minimum, maximum }: QuantityLimits): 'minimum' | 'maximum' | undefined {
  if (minimum !== undefined && value < minimum) return 'minimum';
  return maximum !== undefined && value > maximum ? 'maximum' : undefined;
}

const loneSecret = /^\s*\$\{\{.*\}\}\s*$/;

export const isQuantityKind = (word: unknown): word is QuantityKind =>
  quantityKinds.some((kind) => kind === word);
