import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { schemaKeyword, type QuantityKind } from '../../contract/schema-words.ts';
import { parseQuantity, quantityKinds } from '../../expressions/quantity.ts';
import { parseSecretReference } from '../../expressions/parse-secret-reference.ts';

// Every command pays for this: the messages are never shown, and checking or polishing the schemas first takes longer than using them once.
const ajv = new Ajv2020({
  allErrors: true,
  strict: false,
  verbose: true,
  validateFormats: false,
  messages: false,
  meta: false,
  validateSchema: false,
  addUsedSchema: false,
  code: { optimize: false },
});
ajv.addKeyword({ keyword: schemaKeyword, schemaType: 'string', type: 'string', validate: isAsWritten, errors: false });

const compiled = new WeakMap<object, ValidateFunction>();

/** What of a value does not fit a JSON Schema; empty when all of it does. Each schema is compiled once. */
export function shapeErrors(schema: TSchema, value: unknown): readonly ErrorObject[] {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  return validate(value) ? [] : (validate.errors ?? []);
}

/** A secret stands alone; a quantity has its unit. What an expression gives is checked where expressions are. */
function isAsWritten(word: string, text: string): boolean {
  if (word === 'secret') return loneSecret.test(text) && parseSecretReference(text.trim().slice(3, -2)) !== undefined;
  if (!isQuantityKind(word) || text.includes('${{')) return true;
  return parseQuantity(word, text).ok;
}

const loneSecret = /^\s*\$\{\{.*\}\}\s*$/;

export const isQuantityKind = (word: unknown): word is QuantityKind =>
  quantityKinds.some((kind) => kind === word);
