import type { Static, TSchema } from 'typebox';
import type { Provided } from './point.ts';
import type { Secret } from './secret.ts';

/**
 * A value that is known only when the run gets there. `$later` is the CEL expression that will give it,
 * e.g. `steps.build.outputs.digest`.
 */
export interface Later<T> {
  readonly $later: string;
  readonly $type?: T;
}

/** Whether a value of a planned configuration is only known when the run gets there. */
export const isLater = (value: unknown): value is Later<unknown> =>
  typeof value === 'object' && value !== null && '$later' in value;

declare const shaped: unique symbol;
/** Marks what a composite unfolds by: its lists and mappings are known when the plan is built. Made by `shape()`. */
export interface Shaped {
  readonly [shaped]: true;
}

type Scalar = Secret | Provided<unknown> | string | number | boolean | null;
type Unshaped<T> = { readonly [K in keyof T as K extends typeof shaped ? never : K]: T[K] };

/** Inside a `shape`: lists and mappings are there, only scalars may be `Later`. */
type Known<T> = T extends Secret | undefined ? T : T extends Scalar ? T | Later<T> : KnownInside<T>;
type KnownInside<T> = T extends readonly (infer E)[]
  ? readonly Known<E>[]
  : { readonly [K in keyof Unshaped<T>]: Known<Unshaped<T>[K]> };

/** A value before the run: itself, or `Later`. Secrets are never `Later`: they are references in any case. */
export type Planned<T> = T extends Secret | undefined
  ? T
  : T extends Shaped
    ? Known<T>
    : T extends Scalar
      ? T | Later<T>
      : PlannedInside<T> | Later<T>;
type PlannedInside<T> = T extends readonly (infer E)[]
  ? readonly Planned<E>[]
  : { readonly [K in keyof Unshaped<T>]: Planned<Unshaped<T>[K]> };

/** What `verify`, `preview` and `unfold` get: the mapping itself is there, what is inside may be `Later`. */
export type PlannedConfig<C extends TSchema> = PlannedInside<Static<C>>;
