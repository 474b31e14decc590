import type { Static, TSchema } from 'typebox';
import { isLater, type PlannedConfig } from './later.ts';

/** Whether a `verify` has all it needs: nothing in the configuration is only known when the run gets there. */
export const isSettled = <C extends TSchema>(config: PlannedConfig<C>): config is PlannedConfig<C> & Static<C> =>
  hasNoLater(config);

const hasNoLater = (value: unknown): boolean =>
  !isLater(value) && (typeof value !== 'object' || value === null || Object.values(value).every(hasNoLater));
