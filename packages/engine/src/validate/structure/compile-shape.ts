import { createRequire } from 'node:module';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { schemaKeyword } from '../../contract/schema-words.ts';
import { isAsWritten } from './is-as-written.ts';
import { surelyFits } from './surely-fits.ts';

const compiled = new WeakMap<object, ValidateFunction>();

/** What of a value does not fit a JSON Schema; empty when all of it does. A schema is compiled once, and only when something may be wrong. */
export function shapeErrors(schema: TSchema, value: unknown): readonly ErrorObject[] {
  if (surelyFits(schema, value)) return [];
  const validate = compiled.get(schema) ?? compiler().compile(schema);
  compiled.set(schema, validate);
  return validate(value) ? [] : (validate.errors ?? []);
}

let made: Ajv2020 | undefined;

const compiler = (): Ajv2020 => (made ??= makeCompiler());

/** Loaded by the first mistake: nobody else waits for it. The messages are never shown, and no schema is used often enough to check or polish it. */
function makeCompiler(): Ajv2020 {
  const ajv = createRequire(import.meta.url)('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  const compiler = new ajv.Ajv2020({
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
  const validate = (word: unknown, text: string, schema?: object): boolean => isAsWritten(word, text, schema);
  compiler.addKeyword({ keyword: schemaKeyword, schemaType: 'string', type: 'string', validate, errors: false });
  return compiler;
}
