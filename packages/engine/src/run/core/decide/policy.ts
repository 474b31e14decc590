/** Every number that a decision depends on and that no pipeline file sets. Only `decide/` may import this. */
export interface Policy {
  /** Probes in a row that may fail before nobody can tell what a step did. */
  readonly probeTries: number;
  /** Minimum tries of a rollback; a step that asks for more gets more. */
  readonly rollbackTries: number;
  /** A rollback or probe whose process died so often in a row is not started again. */
  readonly lossesInARow: number;
  /** How long a task may take to stop after it was asked to. */
  readonly graceMs: number;
  /** After the end of a hold its gates get as long again, and at least this long. */
  readonly minimumWaitMs: number;
}

export const policy: Policy = {
  probeTries: 3,
  rollbackTries: 3,
  lossesInARow: 3,
  graceMs: 30_000,
  minimumWaitMs: 15 * 60_000,
};
