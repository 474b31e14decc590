import { createRequire } from 'node:module';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { schemaKeyword } from '../contract/schema-words.ts';
import { type Fitting, fits } from './fits.ts';
import { isAsWritten } from './written-form.ts';

const compiled = new WeakMap<object, ValidateFunction>();

/** The places where a value does not fit a JSON Schema; none when all of it fits. A schema is compiled once, and only when something may be wrong. */
export function shapeErrors(schema: TSchema, value: unknown): readonly ErrorObject[] {
  if (fitsFast(schema, value)) return [];
  const validate = compiled.get(schema) ?? compiler().compile(schema);
  compiled.set(schema, validate);
  return validate(value) ? [] : (validate.errors ?? []);
}

/** Whether a value certainly fits. A keyword or a pattern that cannot be checked here is left to ajv, which reports it with its place. */
function fitsFast(schema: TSchema, value: unknown): boolean {
  try {
    return fits(schema, value, plainJson);
  } catch {
    return false;
  }
}

const plainJson: Fitting = {
  special: () => undefined,
  unsupported(keyword) {
    throw new TypeError(`"${keyword}" is left to ajv`);
  },
};

let made: Ajv2020 | undefined;

const compiler = (): Ajv2020 => (made ??= makeCompiler());

/** ajv is loaded by the first mistake: nobody else waits for it. Its messages are never shown, and no schema is used often enough to be checked or optimized. */
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

/**
 * ajv reports every branch of a union. The intended branch is the one whose value has the right type: when there is exactly one, only its
 * errors are kept, else only that of the union as a whole.
 */
export function pickShapeErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const unions = errors.filter(isUnion).sort((a, b) => b.schemaPath.length - a.schemaPath.length);
  return unions.reduce<readonly ErrorObject[]>(pickBranch, errors);
}

const isUnion = ({ keyword }: ErrorObject): boolean => keyword === 'anyOf' || keyword === 'oneOf';

function pickBranch(errors: readonly ErrorObject[], union: ErrorObject): readonly ErrorObject[] {
  const inside = errors.filter((error) => error !== union && branchOf(error, union) !== undefined);
  const branches = Map.groupBy(inside, (error) => branchOf(error, union));
  const others = errors.filter((error) => error !== union && !inside.includes(error));
  if (hasTwoMatches(union)) return others.concat(union);
  // A branch without errors fits: all of its errors were about expressions, which are checked elsewhere.
  if (branches.size < branchesOf(union).length) return others;
  const intended = [...branches.values()].filter((branch) => !branch.some((error) => isOtherKind(error, union)));
  const [only] = intended;
  const kept = intended.length === 1 && only ? only : [union];
  return others.concat(kept);
}

const branchesOf = (union: ErrorObject): readonly unknown[] => union.schema as readonly unknown[];

const hasTwoMatches = ({ params }: ErrorObject): boolean => Array.isArray((params as { passingSchemas?: unknown }).passingSchemas);

/** The branch of an error: `#/properties/router/anyOf/1/required` is in branch 1 of `#/properties/router/anyOf`. */
function branchOf(error: ErrorObject, union: ErrorObject): string | undefined {
  const prefix = `${union.schemaPath}/`;
  const isInside = error.schemaPath.startsWith(prefix) && error.instancePath.startsWith(union.instancePath);
  return isInside ? error.schemaPath.slice(prefix.length).split('/')[0] : undefined;
}

const isOtherKind = (error: ErrorObject, union: ErrorObject): boolean =>
  ['type', 'const', 'enum'].includes(error.keyword) &&
  (error.instancePath === union.instancePath || error.keyword === 'const');

export const unknownKeyOf = ({ params }: ErrorObject): string => (params as { additionalProperty: string }).additionalProperty;
export const missingKeyOf = ({ params }: ErrorObject): string => (params as { missingProperty: string }).missingProperty;

/** The parts of a JSON pointer (RFC 6901), as in `/with/phases/0`. */
export const pathOfPointer = (pointer: string): readonly string[] =>
  pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
