import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RouterLife, type RunningRouter } from './router-life.ts';
import type { RouterSettings } from './settings/router-settings.ts';
import { provideControlToken } from './state/control-token.ts';
import { firstWeights } from './state/first-weights.ts';
import { readState } from './state/state-file.ts';
import { takeState } from './state/take-state.ts';

/**
 * Starts a router in this process and resolves when it accepts requests and the state file says so.
 * @throws RouterError
 */
export async function runRouter(settings: RouterSettings, log: (line: string) => void): Promise<RunningRouter> {
  await mkdir(dirname(settings.stateFile), { recursive: true });
  const lock = await takeState(settings.stateFile);
  try {
    // Read again now that nobody else can write it.
    const first = firstWeights(settings, await readState(settings.stateFile), new Date().toISOString());
    const life = new RouterLife(settings, first, await provideControlToken(settings.tokenFile), log, () => lock.release());
    await life.open();
    return life;
  } catch (error) {
    lock.release();
    throw error;
  }
}
