import { readIfThere, replaceFile } from 'relpipe/plugin/toolkit';
import { isRecord } from '../is-record.ts';
import { messageOf } from '../message-of.ts';
import { RouterError } from '../router-error.ts';
import type { RouterState } from './router-state.ts';

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
      'Put it back from a copy, or remove it to begin with fresh weights.',
    );
  }
}

export const writeState = (path: string, state: RouterState): Promise<void> =>
  replaceFile(path, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });

function isRouterState(value: unknown): value is RouterState {
  if (!isRecord(value) || value['format'] !== 1 || !isRecord(value['weights']) || !isRecord(value['sides'])) return false;
  const { generation, changedAt, running } = value;
  return Number.isSafeInteger(generation) && typeof changedAt === 'string'
    && (running === null || (isRecord(running) && typeof running['pid'] === 'number' && typeof running['control'] === 'string'));
}
