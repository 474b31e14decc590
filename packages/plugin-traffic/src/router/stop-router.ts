import { setTimeout as sleep } from 'node:timers/promises';
import { askRouter } from './find-router.ts';
import { RouterError } from './router-error.ts';
import { lockState } from './state/lock-state.ts';

/**
 * Asks the router on the state file to finish what is in flight and to end, and resolves when it has: another one may start then.
 * @throws RouterError TRAFFIC_ROUTER_NOT_REACHED when none answers, else as it answers
 */
export async function stopRouter(stateFile: string): Promise<void> {
  const { client } = await askRouter(stateFile);
  await client.stop();
  while (isHeld(stateFile)) await sleep(pollMs);
}

/** The lock ends with the process, also with one that is killed. */
function isHeld(stateFile: string): boolean {
  try {
    lockState(stateFile, undefined).release();
    return false;
  } catch (error) {
    if (error instanceof RouterError) return true;
    throw error;
  }
}

const pollMs = 50;
