/** How a step or group ended. `unknown`: it did not stop when asked, or nobody can tell whether it acted. */
export type StepEnd = 'succeeded' | 'failed' | 'cancelled' | 'skipped' | 'unknown';

/** How a run ended. `partially-succeeded`: something failed that may. `stopped`: its changes are left in place. */
export type Outcome = 'succeeded' | 'partially-succeeded' | 'failed' | 'rolled-back' | 'rollback-failed' | 'stopped';

/** What a run does: `forward`, then `rollback`, `stopping` or `frozen`, then `finally`; from `frozen` it may go `forward` again. */
export type Mode = 'forward' | 'rollback' | 'stopping' | 'frozen' | 'finally';

/** What a gate says of what it saw. `inconclusive`: too little to judge; `error`: it could not look. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'error';

/** Which function of a step type is called. `confirm` and `instruct`: of an assisted rollback, is it done, and what has to be done. */
export type TaskVerb = 'run' | 'probe' | 'rollback' | 'confirm' | 'instruct' | 'teardown';
