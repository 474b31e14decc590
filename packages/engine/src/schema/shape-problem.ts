import type { ErrorObject } from 'ajv/dist/2020.js';
import type { TSchema } from 'typebox';
import type { Json } from '../contract/index.ts';
import { relpipeError } from '../errors/relpipe-error.ts';
import { holdsUnknown, isSecretReference, isUnknown, type Value } from '../expressions/value.ts';
import { withArticle } from '../util/phrases.ts';
import { describe, expectedOf } from './describe.ts';
import type { SchemaNode } from './schema-node.ts';
import { missingKeyOf, pathOfPointer, pickShapeErrors, shapeErrors, unknownKeyOf } from './shape-errors.ts';

/** Throws `REL_VALUE_INVALID` when canonical JSON does not fit a schema. */
export function assertShape(schema: TSchema, value: Json): void {
  const [first] = shapeErrors(schema, withSecretsAsWritten(value));
  if (first) throw relpipeError('REL_VALUE_INVALID', { problem: `${shapeProblem(first)}${foundKind(first)}` });
}

/** Only the kind of the value: the value itself may be a secret. */
function foundKind({ keyword, data }: ErrorObject): string {
  if (keyword !== 'type') return '';
  const kind = data === null ? 'null' : Array.isArray(data) ? 'list' : typeof data === 'object' ? 'mapping' : typeof data;
  return `; found ${kind === 'null' ? kind : withArticle(kind)}`;
}

export interface PlannedShapeProblem {
  readonly path: readonly string[];
  /** The end of a sentence. */
  readonly problem: string;
}

/** The first place where a configuration does not fit its schema, as far as it is known before the run. */
export function plannedShapeProblem(schema: TSchema, value: Value): PlannedShapeProblem | undefined {
  const wrong = pickShapeErrors(shapeErrors(schema, withSecretsAsWritten(value))).find(({ instancePath }) => !holdsUnknown(valueAt(value, instancePath)));
  return wrong && { path: pathOfPointer(wrong.instancePath), problem: `${shapeProblem(wrong)}; found ${describe(wrong.data)}` };
}

/** An error of ajv as the end of a sentence. It does not show the value, which may have come from a step. */
function shapeProblem(error: ErrorObject): string {
  const place = error.instancePath.slice(1).replaceAll('/', '.');
  const subject = place === '' ? 'it' : `"${place}"`;
  switch (error.keyword) {
    case 'required':
      return `${subject} has no "${missingKeyOf(error)}"`;
    case 'additionalProperties':
      return `${subject} has the unknown key "${unknownKeyOf(error)}"`;
    default:
      return `${subject} must be ${expectedOf(error, (error.parentSchema ?? {}) as SchemaNode)}`;
  }
}

/** The value as in the file, where a secret is a string. */
function withSecretsAsWritten(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSecretReference(value as Json)) return `\${{ secrets.${(value as { $secret: string }).$secret} }}`;
  if (Array.isArray(value)) return value.map(withSecretsAsWritten);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withSecretsAsWritten(inner)]));
}

/** The value at a JSON pointer, or the unknown value that contains it. */
function valueAt(value: Value, pointer: string): unknown {
  return pathOfPointer(pointer).reduce<unknown>((inner, part) => {
    if (typeof inner !== 'object' || inner === null || isUnknown(inner)) return inner;
    return (inner as Readonly<Record<string, unknown>>)[part];
  }, value);
}
