import type { Ms } from './ms.ts';

/** How often a task is tried, and how long it pauses between two tries. */
export interface RetryPolicy {
  /** Tries in all, the first one included. */
  readonly attempts: number;
  /** Pause before the second try; doubles each time up to `maxMs`. */
  readonly firstMs: Ms;
  readonly maxMs: Ms;
  /** Maximum number of runs in a row that may be lost because their process exited, before a person is asked or the step fails. */
  readonly losses: number;
}

/** The pauses where the file names none. */
export const defaultBackoff = { firstMs: 2_000, maxMs: 60_000 } as const satisfies Omit<RetryPolicy, 'attempts' | 'losses'>;

/** Of step types that can be repeated, where the file says nothing. */
export const defaultRetry = { attempts: 3, losses: 3, ...defaultBackoff } as const satisfies RetryPolicy;

/** The minimum attempts of a teardown; a step that asks for more gets more. The planner writes it into the plan. */
export const teardownAttempts = 3;
