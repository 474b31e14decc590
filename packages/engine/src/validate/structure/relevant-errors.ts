import type { ErrorObject } from 'ajv/dist/2020.js';
import { schemaKeyword } from '../../contract/schema-words.ts';
import { missingKeyOf, unknownKeyOf } from '../../schema/shape-errors.ts';
import { suggestKeys } from './suggestions.ts';

/** Leaves out errors that another error of the same mapping explains: one mistake, one finding. */
export const withoutConsequences = (errors: readonly ErrorObject[]): readonly ErrorObject[] =>
  errors.filter((error) => !errors.some((other) => other.instancePath === error.instancePath && explains(other, error)));

function explains(other: ErrorObject, error: ErrorObject): boolean {
  if (other.keyword === 'additionalProperties' && error.keyword === 'required') {
    return suggestKeys(unknownKeyOf(other), [missingKeyOf(error)]).length > 0;
  }
  if (other.keyword !== 'dependentRequired') return false;
  return alternativesOf(error)?.some((keys) => keys.includes(missingKeyOf(other))) === true;
}

/**
 * Leaves out errors that only say that `${{ … }}` is not yet its value: the type of an expression is checked elsewhere.
 * A string with an expression inside stays a string.
 */
export function withoutExpressions(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  return errors.filter((error) => !isAboutExpression(error));
}

const isAboutExpression = ({ data, keyword, schema }: ErrorObject): boolean =>
  typeof data === 'string' &&
  data.includes('${{') &&
  !(keyword === schemaKeyword && schema === 'secret') &&
  (lone.test(data) || keyword !== 'type');

const lone = /^\s*\$\{\{.*\}\}\s*$/s;

interface Branch {
  readonly required?: readonly string[];
  readonly oneOf?: readonly Branch[];
}

/** The sets of keys of which a mapping needs exactly one, when a union says so: `rate`, `ratio`, or `control and token`. */
export function alternativesOf({ keyword, schema, data }: ErrorObject): readonly (readonly string[])[] | undefined {
  if (keyword !== 'oneOf' || typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const sets = (schema as readonly Branch[]).flatMap(setsOf);
  return sets.every((keys) => keys.length > 0) ? sets : undefined;
}

function setsOf({ required = [], oneOf }: Branch): readonly (readonly string[])[] {
  return oneOf ? oneOf.flatMap(setsOf).map((keys) => [...required, ...keys]) : [required];
}
