// What applies where a pipeline file says nothing. The defaults of retries are in retry.ts, beside their policy.

import type { OnFailure } from './mode.ts';
import type { Ms } from './ms.ts';

/** Of one attempt of a task. */
export const defaultAttemptTimeoutMs: Ms = 10 * 60_000;

/** Of an approval, from its question. A `gate` step waits as long as its windows need; see plan/gates.ts. */
export const defaultApprovalTimeoutMs: Ms = 72 * 3_600_000;

/** The longest time without a sample while the run is parked. */
export const defaultWakeEveryMs: Ms = 15 * 60_000;

/** What follows a failure. */
export const defaultOnFailure: OnFailure = 'rollback';
