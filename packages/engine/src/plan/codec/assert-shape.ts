import type { TSchema } from 'typebox';
import type { Json } from '../../contract/index.ts';
import { relpipeError } from '../../errors/relpipe-error.ts';
import { isSecretReference } from '../../expressions/value.ts';
import { shapeErrors } from '../../validate/structure/compile-shape.ts';
import { shapeProblem } from './shape-problem.ts';

/** Throws `REL_VALUE_INVALID` when canonical JSON does not fit a schema. */
export function assertShape(schema: TSchema, value: Json): void {
  const [first] = shapeErrors(schema, withSecretsAsWritten(value));
  if (first) throw relpipeError('REL_VALUE_INVALID', { problem: shapeProblem(first) });
}

/** As in the file, where a secret is text. */
export function withSecretsAsWritten(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSecretReference(value as Json)) return `\${{ secrets.${(value as { $secret: string }).$secret} }}`;
  if (Array.isArray(value)) return value.map(withSecretsAsWritten);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withSecretsAsWritten(inner)]));
}
