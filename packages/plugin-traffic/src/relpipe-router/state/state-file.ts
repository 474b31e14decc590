import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, readIfThere, replaceFile } from 'relpipe/plugin/toolkit';
import type { PreviewMatch, SideWeights } from '../../routers/router.ts';
import { holdLock } from '../../util/hold-lock.ts';
import { isRecord } from '../parse-weights.ts';
import { RouterError } from '../router-error.ts';

/** The content of the state file. `running` is set while a router is running, and says that it is ready. */
export interface RouterState extends WeightState {
  readonly format: 1;
  /** URL per side. */
  readonly sides: Readonly<Record<string, string>>;
  readonly running: RunningState | null;
}

export interface WeightState {
  readonly weights: SideWeights;
  /** Counts the changes; the first weights are generation 1. */
  readonly generation: number;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
  /** Absent: none. A change of the preview changes neither weights nor generation. */
  readonly preview?: PreviewMatch;
}

export interface RunningState {
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
  /** Where clients connect, e.g. `http://127.0.0.1:8080`. */
  readonly listen: string;
  readonly control: string;
  /** Absent when the token came from the environment. */
  readonly tokenFile?: string;
}

/** @returns undefined when there is no file yet  @throws RouterError TRAFFIC_ROUTER_STATE_UNREADABLE */
export async function readState(path: string): Promise<RouterState | undefined> {
  try {
    const text = await readIfThere(path, 'utf8');
    if (text === undefined) return undefined;
    const value: unknown = JSON.parse(text);
    if (isRouterState(value)) return value;
    throw new Error('it is not the state of a router in format 1');
  } catch (error) {
    throw new RouterError(
      'TRAFFIC_ROUTER_STATE_UNREADABLE',
      `The state file ${path} cannot be read: ${messageOf(error)}.`,
      'Restore it from a copy, or remove it to start with new weights.',
    );
  }
}

function isRouterState(value: unknown): value is RouterState {
  if (!isRecord(value) || value['format'] !== 1 || !isRecord(value['weights']) || !isRecord(value['sides'])) return false;
  const { generation, changedAt, running } = value;
  return Number.isSafeInteger(generation) && typeof changedAt === 'string'
    && (running === null || (isRecord(running) && typeof running['pid'] === 'number' && typeof running['control'] === 'string'));
}

export const writeState = (path: string, state: RouterState): Promise<void> =>
  replaceFile(path, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });

/** Holds `FILE.lock` for this process until `release`. @throws RouterError TRAFFIC_ROUTER_ALREADY_RUNNING */
export function lockState(stateFile: string, state: RouterState | undefined): { release(): void } {
  const lock = holdLock(`${stateFile}.lock`);
  if (lock === undefined) throw alreadyRunning(stateFile, state);
  return lock;
}

function alreadyRunning(stateFile: string, state: RouterState | undefined): RouterError {
  const holder = state?.running ? `process ${state.running.pid} (control ${state.running.control})` : 'another process that is starting';
  return new RouterError(
    'TRAFFIC_ROUTER_ALREADY_RUNNING',
    `A router already uses the state file ${stateFile}: ${holder}.`,
    'Use that router, stop it first, or give this one another state file.',
  );
}

/**
 * `lockState` for a router that starts: a process that checks whether the previous router has exited, or that prepares a dead one, holds
 * the lock for a moment only.
 * @throws RouterError TRAFFIC_ROUTER_ALREADY_RUNNING when it is held for longer than a second
 */
export async function lockStateWhenFree(stateFile: string): Promise<{ release(): void }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return lockState(stateFile, await readState(stateFile));
    } catch (error) {
      if (attempt === maximumAttempts || !(error instanceof RouterError) || error.code !== 'TRAFFIC_ROUTER_ALREADY_RUNNING') throw error;
      await sleep(pollMs);
    }
  }
}

const maximumAttempts = 20;
const pollMs = 50;
