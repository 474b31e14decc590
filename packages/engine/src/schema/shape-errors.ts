import { createRequire } from 'node:module';
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/schema';
import { schemaKeyword } from '../contract/schema-words.ts';
import { isAsWritten, type QuantityLimits } from './written-form.ts';

const compiled = new WeakMap<object, ValidateFunction>();

/** What of a value does not fit a JSON Schema; empty when all of it does. A schema is compiled once, and only when something may be wrong. */
export function shapeErrors(schema: TSchema, value: unknown): readonly ErrorObject[] {
  if (fitsFast(schema, value)) return [];
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

/**
 * Whether a value fits a JSON Schema, found without compiling the schema, which takes ten times as long as using it once. False says
 * nothing: the schema itself may be wrong. A caller that needs more asks for the errors.
 */
export function fitsFast(schema: TSchema, value: unknown): boolean {
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

/** The schema, with the keywords of the contract as refinements that this check applies. */
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

/**
 * Of a union ajv reports every branch. The branch that was meant is the one whose value has the right type; when there is exactly one such
 * branch its errors speak, else the union as a whole does.
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
  // All errors of a branch without remaining errors were ignored.
  if (branches.size < branchesOf(union).length) return others;
  const meant = [...branches.values()].filter((branch) => !branch.some((error) => isOtherKind(error, union)));
  const [only] = meant;
  const kept = meant.length === 1 && only ? only : [union];
  return others.concat(kept);
}

const branchesOf = (union: ErrorObject): readonly unknown[] => union.schema as readonly unknown[];

const hasTwoMatches = ({ params }: ErrorObject): boolean => Array.isArray((params as { passingSchemas?: unknown }).passingSchemas);

/** `#/properties/router/anyOf/1/required` lies in branch 1 of `#/properties/router/anyOf`. */
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
