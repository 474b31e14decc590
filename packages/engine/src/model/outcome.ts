/** How a step or group ended. `unknown`: it did not stop when asked, or nobody can tell whether it acted. */
export type StepEnd = 'succeeded' | 'failed' | 'cancelled' | 'skipped' | 'unknown';

/** How a run ended. `partially-succeeded`: something failed that may. `stopped`: its changes are left in place. */
export type Outcome = 'succeeded' | 'partially-succeeded' | 'failed' | 'rolled-back' | 'rollback-failed' | 'stopped';
