import { setTimeout as sleep } from 'node:timers/promises';
import { RouterError } from '../router-error.ts';
import { lockState } from './lock-state.ts';
import { readState } from './state-file.ts';

/**
 * `lockState` for a router that starts: whoever looks whether the former one has ended, or gives a dead one other weights, holds the
 * file for a moment.
 * @throws RouterError TRAFFIC_ROUTER_ALREADY_RUNNING when it is held for longer
 */
export async function takeState(stateFile: string): Promise<{ release(): void }> {
  for (let look = 1; ; look += 1) {
    try {
      return lockState(stateFile, await readState(stateFile));
    } catch (error) {
      if (look === mostLooks || !(error instanceof RouterError) || error.code !== 'TRAFFIC_ROUTER_ALREADY_RUNNING') throw error;
      await sleep(pollMs);
    }
  }
}

const mostLooks = 20;
const pollMs = 50;
