import type { ErrorObject } from 'ajv/dist/2020.js';
import { expectedOf, type SchemaNode } from '../../validate/structure/shape-words.ts';
import { missingKeyOf, unknownKeyOf } from '../../validate/structure/without-consequences.ts';

/** An error of the schema validator as the end of a sentence. Says nothing of the value, which may have come from a step. */
export function shapeProblem(error: ErrorObject): string {
  const place = error.instancePath.slice(1).replaceAll('/', '.');
  const subject = place === '' ? 'it' : `"${place}"`;
  switch (error.keyword) {
    case 'required':
      return `${subject} has no "${missingKeyOf(error)}"`;
    case 'additionalProperties':
      return `${subject} takes no "${unknownKeyOf(error)}"`;
    default:
      return `${subject} takes ${expectedOf(error, (error.parentSchema ?? {}) as SchemaNode)}`;
  }
}
