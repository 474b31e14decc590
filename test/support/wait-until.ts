import { setTimeout as pause } from 'node:timers/promises';

const lookEveryMs = 50;

/** Waits for a real server to be as wanted; the test's own time-out ends a wait that is in vain. A throw is a no. */
export async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo().catch(() => false))) await pause(lookEveryMs);
}
