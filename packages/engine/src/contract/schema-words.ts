import { Type, type Static, type TSchema } from 'typebox';
import type { Shaped } from './later.ts';
import type { Provided } from './point.ts';
import type { Secret } from './secret.ts';

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
