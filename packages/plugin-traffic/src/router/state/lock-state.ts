import { DatabaseSync } from 'node:sqlite';
import { RouterError } from '../router-error.ts';
import type { RouterState } from './router-state.ts';

/**
 * Holds `FILE.lock` for this process until `release`. The lock is the operating system's, through SQLite, so that
 * a killed router leaves none behind and no process number has to be believed.
 * @throws RouterError TRAFFIC_ROUTER_ALREADY_RUNNING
 */
export function lockState(stateFile: string, state: RouterState | undefined): { release(): void } {
  const lock = new DatabaseSync(`${stateFile}.lock`, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && error.message.includes('locked'))) throw error;
    throw alreadyRunning(stateFile, state);
  }
  return { release: () => lock.close() };
}

function alreadyRunning(stateFile: string, state: RouterState | undefined): RouterError {
  const who = state?.running ? `process ${state.running.pid} (control ${state.running.control})` : 'another process that is just starting';
  return new RouterError(
    'TRAFFIC_ROUTER_ALREADY_RUNNING',
    `A router already uses the state file ${stateFile}: ${who}.`,
    'Use that one, stop it first, or give this one another state file.',
  );
}
