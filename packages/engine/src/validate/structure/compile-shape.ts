import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { schemaKeyword } from '../../contract/schema-words.ts';
import { isAsWritten } from './is-as-written.ts';
import { surelyFits } from './surely-fits.ts';

// Whoever made a mistake waits for this: the messages are never shown, and checking or polishing the schemas first takes longer than using them once.
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

/** What of a value does not fit a JSON Schema; empty when all of it does. A schema is compiled once, and only when something may be wrong. */
export function shapeErrors(schema: TSchema, value: unknown): readonly ErrorObject[] {
  if (surelyFits(schema, value)) return [];
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  return validate(value) ? [] : (validate.errors ?? []);
}
