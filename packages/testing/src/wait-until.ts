import { setTimeout as pause } from 'node:timers/promises';

/** Checks a condition until it is true; the time limit of the test ends a wait in vain. A throw ends it, too. */
export async function until(isSo: () => Promise<boolean> | boolean, everyMs = 10): Promise<void> {
  while (!(await isSo())) await pause(everyMs);
}

/** `until` for a real server, which may not answer yet: a throw counts as false. */
export const waitUntil = (isSo: () => Promise<boolean>): Promise<void> => until(() => isSo().catch(() => false), 50);
