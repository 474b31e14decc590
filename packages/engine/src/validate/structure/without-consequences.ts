import type { ErrorObject } from 'ajv/dist/2020.js';
import { alternativesOf } from './alternatives-of.ts';
import { missingKeyOf, unknownKeyOf } from '../../schema/shape-errors.ts';
import { meantKeys } from './meant-keys.ts';

/** Leaves out what another error of the same mapping explains: one mistake, one finding. */
export const withoutConsequences = (errors: readonly ErrorObject[]): readonly ErrorObject[] =>
  errors.filter((error) => !errors.some((other) => other.instancePath === error.instancePath && explains(other, error)));

function explains(other: ErrorObject, error: ErrorObject): boolean {
  if (other.keyword === 'additionalProperties' && error.keyword === 'required') return meantKeys(unknownKeyOf(other), [missingKeyOf(error)]).length > 0;
  if (other.keyword !== 'dependentRequired') return false;
  return alternativesOf(error)?.some((keys) => keys.includes(missingKeyOf(other))) === true;
}
