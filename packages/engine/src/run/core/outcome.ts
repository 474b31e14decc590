/** How a step or group ended. `unknown`: it did not stop when asked, or nobody can tell whether it acted. */
export type StepEnd = 'succeeded' | 'failed' | 'cancelled' | 'skipped' | 'unknown';

export type Outcome =
  | 'succeeded'
  | 'partially-succeeded'
  | 'failed'
  | 'rolled-back'
  | 'rollback-failed'
  | 'stopped';
