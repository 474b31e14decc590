import type { QuantityKind } from '../../contract/schema-words.ts';
import { parseQuantity, quantityKinds } from '../../expressions/quantity.ts';
import { parseSecretReference } from '../../expressions/parse-secret-reference.ts';

/**
 * Whether a text is what the contract's schema word asks for. A secret stands alone; a quantity has its unit. What an expression gives is
 * checked where expressions are.
 */
export function isAsWritten(word: unknown, text: string): boolean {
  if (word === 'secret') return loneSecret.test(text) && parseSecretReference(text.trim().slice(3, -2)) !== undefined;
  if (!isQuantityKind(word) || text.includes('${{')) return true;
  return parseQuantity(word, text).ok;
}

const loneSecret = /^\s*\$\{\{.*\}\}\s*$/;

export const isQuantityKind = (word: unknown): word is QuantityKind =>
  quantityKinds.some((kind) => kind === word);
