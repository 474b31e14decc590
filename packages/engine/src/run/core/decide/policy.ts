import type { RetryPolicy } from '../../../model/retry.ts';

/** Every number that a decision depends on and that neither the plan nor the pipeline file sets. Only `decide` may import this. */
export interface Policy {
  /** Number of consecutive failed probes after which the outcome of a step is unknown. */
  readonly probeTries: number;
  /** Minimum number of tries of a rollback; the `retry` of a step may set a higher one. */
  readonly rollbackTries: number;
  /** Time that a task gets to stop after it was asked to. */
  readonly graceMs: number;
  /** After a hold, its gates get the length of the hold again, and at least this time. */
  readonly minimumWaitMs: number;
  /** How long the delivery of a message is tried. */
  readonly notifyForMs: number;
  readonly notifyBackoff: Pick<RetryPolicy, 'firstMs' | 'maxMs'>;
  /** How long a process that could exit waits for the next attempt, and until when attempts start after the end of the run. */
  readonly notifyGraceMs: number;
}

export const policy: Policy = {
  probeTries: 3,
  rollbackTries: 3,
  graceMs: 30_000,
  minimumWaitMs: 15 * 60_000,
  notifyForMs: 60 * 60_000,
  notifyBackoff: { firstMs: 2_000, maxMs: 5 * 60_000 },
  notifyGraceMs: 15_000,
};
