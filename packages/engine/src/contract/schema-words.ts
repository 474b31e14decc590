import { Type, type Static, type TSchema } from 'typebox';
import type { Shaped } from './later.ts';
import type { Provided } from './point.ts';
import type { Secret } from './values.ts';

/** The keyword by which the engine recognises the fields below in a JSON Schema. */
export const schemaKeyword = 'x-relpipe';

/** The kinds of quantities; each has its own units. */
export type QuantityKind = 'percent' | 'duration' | 'size';

/** A field that must be known when the plan is built, because it decides which steps a composite unfolds into. */
export const shape = <S extends TSchema>(schema: S) =>
  Type.Unsafe<Static<S> & Shaped>({ ...schema, [schemaKeyword]: 'shape' });

/** A field that accepts only `${{ secrets.NAME }}`. */
export const secret = (description: string) =>
  Type.Unsafe<Secret>({ type: 'string', description, [schemaKeyword]: 'secret' });

/** A field with the headers of requests. A value may be a secret, e.g. for a proxy with Basic authentication; `revealHeaders` of the toolkit returns the texts. */
export const headers = (description: string) =>
  Type.Record(Type.String(), Type.Union([secret('A secret'), Type.String()]), { description });

/**
 * A field that is written with its unit (`10%`, `5m`, `512MiB`) and reaches the step as a number:
 * percent 0..100, duration in milliseconds, size in bytes. The limits use the same units; the results of expressions are not checked against them.
 */
export const quantity = (kind: QuantityKind, description: string, limits: { readonly minimum?: number; readonly maximum?: number } = {}) =>
  Type.Unsafe<number>({ type: 'string', description, [schemaKeyword]: kind, ...limits });

/**
 * A field that names exactly one provision of a point, with its settings below: `router: { kong: { … } }`. It reaches the step as a value with
 * `open`.
 * @param name of the point, e.g. `traffic.router`
 */
export const point = <T>(name: string, description: string) =>
  Type.Unsafe<Provided<T>>({ type: 'object', description, [schemaKeyword]: 'point', point: name });

/** The name of a group of the file; it is checked when the file is read, and cannot be an expression. */
const group = Type.Unsafe<string>({ type: 'string', [schemaKeyword]: 'group' });

/**
 * A field that asks people a question, with the keys of an `approval` step: `{ question, approvers: { count, of }, timeout }`. Pass it on
 * to `Unfolding.approval`.
 */
export const approval = (description: string) =>
  shape(
    Type.Object(
      {
        question: Type.String({ minLength: 1, description: 'The question' }),
        approvers: Type.Optional(
          Type.Object(
            {
              count: Type.Optional(Type.Integer({ minimum: 1, description: 'How many people have to approve; default 1' })),
              of: Type.Optional(Type.Array(group, { description: 'The groups whose people may approve; default: anybody' })),
            },
            { additionalProperties: false, description: 'The people who may answer' },
          ),
        ),
        timeout: Type.Optional(quantity('duration', 'Until when; then it counts as rejected. Default: 72h', { minimum: 1 })),
      },
      { additionalProperties: false, description },
    ),
  );
