import { isLater, type PlannedConfig } from 'relpipe/plugin';
import type { ShiftConfig, shiftConfig } from './shift-config.ts';

/** What is known of a shift before the run. */
export type PlannedShift = PlannedConfig<typeof shiftConfig>;

/** Whether nothing in it is known only when the run gets there. */
export const isSettled = (config: PlannedShift): config is PlannedShift & ShiftConfig => findLater(config).length === 0;

/** The keys of `with` that are known only when the run gets there. */
export const findLater = (config: PlannedShift): readonly string[] =>
  Object.entries(config).flatMap(([key, value]) => (hasLater(value) ? [key] : []));

const hasLater = (value: unknown): boolean =>
  isLater(value) || (typeof value === 'object' && value !== null && Object.values(value).some(hasLater));
