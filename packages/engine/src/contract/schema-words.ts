import { Type, type Static, type TSchema } from 'typebox';
import type { Shaped } from './later.ts';
import type { Provided } from './point.ts';
import type { Secret } from './secret.ts';

/** The keyword by which the engine recognises the words below in a JSON Schema. */
export const schemaKeyword = 'x-relpipe';

/** What a `quantity` is one of, and so in which units it is written. */
export type QuantityKind = 'percent' | 'duration' | 'size';

/** A field that must be known when the plan is built, because a composite unfolds by it. */
export const shape = <S extends TSchema>(schema: S) =>
  Type.Unsafe<Static<S> & Shaped>({ ...schema, [schemaKeyword]: 'shape' });

/** A field that takes only `${{ secrets.NAME }}`. */
export const secret = (description: string) =>
  Type.Unsafe<Secret>({ type: 'string', description, [schemaKeyword]: 'secret' });

/**
 * A field that is written with its unit (`10%`, `5m`, `512MiB`) and reaches the step as a number:
 * percent 0..100, duration in milliseconds, size in bytes. The limits are in the same measure; what an expression gives is not held to them.
 */
export const quantity = (kind: QuantityKind, description: string, limits: { readonly minimum?: number; readonly maximum?: number } = {}) =>
  Type.Unsafe<number>({ type: 'string', description, [schemaKeyword]: kind, ...limits });

/**
 * A field that names exactly one of the provisions of a point, with its settings below: `router: { kong: { … } }`. It reaches the step as
 * something to `open`.
 * @param name of the point, e.g. `traffic.router`
 */
export const point = <T>(name: string, description: string) =>
  Type.Unsafe<Provided<T>>({ type: 'object', description, [schemaKeyword]: 'point', point: name });
