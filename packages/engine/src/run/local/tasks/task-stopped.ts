export type StopWhy = 'cancelled' | 'timed-out' | 'stopped';

/** Why a task's signal was aborted. `stopped`: the process ends, and the run goes on later. */
export class TaskStopped extends Error {
  readonly why: StopWhy;

  constructor(why: StopWhy) {
    super(`the step was ${why === 'stopped' ? 'stopped with its process' : why}`);
    this.name = 'TaskStopped';
    this.why = why;
  }
}

// CI leaves about ten seconds between its signals, and the run's own record has to be written in between.
const stoppedGraceMs = 3_000;
const grantedGraceMs = 5_000;

/** How long a command has between SIGTERM and SIGKILL. */
export const graceOf = (reason: unknown): number =>
  reason instanceof TaskStopped && reason.why === 'stopped' ? stoppedGraceMs : grantedGraceMs;
