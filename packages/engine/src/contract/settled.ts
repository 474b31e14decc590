import type { Static, TSchema } from 'typebox';
import { isLater, type Later, type PlannedConfig } from './later.ts';
import type { Provided } from './point.ts';
import type { Secret } from './secret.ts';

/** A configuration in which nothing comes later. */
type FullyKnown<T> = T extends Later<unknown>
  ? never
  : T extends Secret | Provided<unknown> | string | number | boolean | null | undefined
    ? T
    : { readonly [K in keyof T]: FullyKnown<T[K]> };

/** Whether a `verify` has all it needs: nothing in the configuration is only known when the run gets there. */
export function isFullyKnown<P extends object>(config: P): config is P & FullyKnown<P>;
/** With the schema named, the configuration is what `run` gets. */
export function isFullyKnown<C extends TSchema>(config: PlannedConfig<C>): config is PlannedConfig<C> & Static<C>;
export function isFullyKnown(config: unknown): boolean {
  return hasNoLater(config);
}

const hasNoLater = (value: unknown): boolean =>
  !isLater(value) && (typeof value !== 'object' || value === null || Object.values(value).every(hasNoLater));
