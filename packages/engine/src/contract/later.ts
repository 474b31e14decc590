import type { Static, TSchema } from 'typebox';
import type { Provided } from './point.ts';
import type { Secret } from './secret.ts';

/** A value that is known only during the run. `$later` is the CEL expression that will produce it, e.g. `steps.build.outputs.digest`. */
export interface Later<T> {
  readonly $later: string;
  readonly $type?: T;
}

/** Whether a value of a planned configuration is known only during the run. */
export const isLater = (value: unknown): value is Later<unknown> =>
  typeof value === 'object' && value !== null && '$later' in value;

declare const shaped: unique symbol;
/** Marks the values that a composite unfolds by: their lists and mappings are known when the plan is built. Made by `shape()`. */
export interface Shaped {
  readonly [shaped]: true;
}

type Scalar = Secret | Provided<unknown> | string | number | boolean | null;
type Unshaped<T> = { readonly [K in keyof T as K extends typeof shaped ? never : K]: T[K] };

/** Inside a `shape`, lists and mappings are known; only scalars may be `Later`. */
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

/** The configuration that `verify`, `preview` and `unfold` get: the mapping itself is known, the values inside may be `Later`. */
export type PlannedConfig<C extends TSchema> = PlannedInside<Static<C>>;

/** A configuration without `Later` values. */
type FullyKnown<T> = T extends Later<unknown>
  ? never
  : T extends Secret | Provided<unknown> | string | number | boolean | null | undefined
    ? T
    : { readonly [K in keyof T]: FullyKnown<T[K]> };

/** Whether a configuration contains no `Later` value, so that `verify` can check all of it. */
export function isFullyKnown<P extends object>(config: P): config is P & FullyKnown<P>;
/** With the schema as type argument, the configuration has the type that `run` gets. */
export function isFullyKnown<C extends TSchema>(config: PlannedConfig<C>): config is PlannedConfig<C> & Static<C>;
export function isFullyKnown(config: unknown): boolean {
  return hasNoLater(config);
}

const hasNoLater = (value: unknown): boolean =>
  !isLater(value) && (typeof value !== 'object' || value === null || Object.values(value).every(hasNoLater));

/** A value of a planned configuration as a string: the value itself, or `(steps.build.outputs.digest)` when it is known only later. */
export const plannedText = (value: unknown): string => (isLater(value) ? `(${value.$later})` : String(value));

/** The names of the settings that contain a `Later` value; for `unknownUntilRun` of a `Preview`. */
export const unknownUntilRun = (config: object): readonly string[] =>
  Object.entries(config).flatMap(([name, value]: [string, unknown]) => (isFullyKnown({ value }) ? [] : [name]));
