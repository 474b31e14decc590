import { holdLock } from '../../files/hold-lock.ts';
import { RouterError } from '../router-error.ts';
import type { RouterState } from './router-state.ts';

/** Holds `FILE.lock` for this process until `release`. @throws RouterError TRAFFIC_ROUTER_ALREADY_RUNNING */
export function lockState(stateFile: string, state: RouterState | undefined): { release(): void } {
  const lock = holdLock(`${stateFile}.lock`);
  if (lock === undefined) throw alreadyRunning(stateFile, state);
  return lock;
}

function alreadyRunning(stateFile: string, state: RouterState | undefined): RouterError {
  const who = state?.running ? `process ${state.running.pid} (control ${state.running.control})` : 'another process that is just starting';
  return new RouterError(
    'TRAFFIC_ROUTER_ALREADY_RUNNING',
    `A router already uses the state file ${stateFile}: ${who}.`,
    'Use that one, stop it first, or give this one another state file.',
  );
}
