/*
 * How long the local runtime waits for something to end. What follows which signal:
 *
 * - The first SIGINT, SIGTERM or SIGHUP interrupts the run: each task's signal is aborted, its commands get SIGTERM, and SIGKILL after
 *   `interruptedGraceMs`. A task that ends is recorded as `lost`, whatever it answered. After `interruptedWithinMs` whatever still runs is
 *   killed; it stays open in the record, and the next driver reports it as lost. Then the summary of the run becomes `interrupted`, the
 *   lease is given back, and the process exits with the code of the signal: 129, 130 or 143. CI leaves about ten seconds between its signals.
 * - The second one kills every command and exits at once, with the code of this signal. Nothing more is recorded: the summary stays
 *   `running`, and the lease is free once the process is gone.
 * - A cancelled or timed-out task has `grantedGraceMs` between SIGTERM and SIGKILL. One that ignores its timeout ends after
 *   `unstoppableAfterMs` with REL_STEP_UNSTOPPABLE, which is not retryable. How long a cancelled one has is decided by the core (`graceMs`
 *   in run/core/decide/policy.ts): then its step is unknown.
 * - When a driver was killed, its guard sends SIGTERM to its commands at once, and SIGKILL after `orphanedGraceMs`. What is left of them when
 *   the run is taken up has `grantedGraceMs`.
 */

/** Between SIGTERM and SIGKILL, when the process is interrupted. */
export const interruptedGraceMs = 3_000;
/** From the first signal to the end of every task; documents of channels are brought up to date after that. */
export const interruptedWithinMs = 4_000;
/** Between SIGTERM and SIGKILL, when a task is cancelled, has timed out or was left by a killed driver. */
export const grantedGraceMs = 5_000;
/** From the start of a command to the start of the guard, which a run of short commands does not need. */
export const guardAfterMs = 200;
/** Between SIGTERM and SIGKILL, when the driver of a command was killed. */
export const orphanedGraceMs = 3_000;
/** From the start of an attempt to tell a channel to giving it up; after a signal `interruptedWithinMs` is the limit. */
export const notifyWithinMs = 10_000;
/** After SIGKILL only the kernel is left to wait for. */
export const killedWithinMs = 2_000;
/** From the timeout of a step to giving it up. */
export const unstoppableAfterMs = 10_000;
/** After the end of a command, for as long something that it left in the background holds its outputs open. */
export const drainMs = 500;
/** After the timeout of a sample: a metric may still report what running out of time means to it; to a health check it is a no. */
export const lastWordMs = 250;

/** To find out who is in the groups of a question. */
export const groupResolvedWithinMs = 30_000;

/** Resolves when the promise does, or after so many milliseconds. */
export async function atMost(ms: number, ending: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([ending, over]);
  clearTimeout(timer);
}
