import { isRelpipeError } from '../../errors/relpipe-error.ts';
import type { Holder } from '../../model/concurrency.ts';
import { evolve } from '../core/evolve.ts';
import { changesInPlace } from '../core/state/concurrency.ts';
import { newRunState } from '../core/state/run-state.ts';
import type { RunStore } from './run-store.ts';

/** A run that keeps another one from continuing: what it is doing, and what it has changed. Of one that cannot be read, it says so. */
export async function describeHolder(store: RunStore, run: string): Promise<Holder> {
  try {
    return { run, state: await stateOf(store, run), changed: await changedBy(store, run) };
  } catch (error) {
    if (!isRelpipeError(error)) throw error;
    return { run, state: 'unreadable', changed: [], unreadable: error.message };
  }
}

async function stateOf(store: RunStore, run: string): Promise<string> {
  if (await store.isDriven(run)) return 'running';
  const state = (await store.findRun(run))?.state ?? 'unknown';
  return state === 'running' ? 'interrupted' : state;
}

async function changedBy(store: RunStore, run: string): Promise<readonly string[]> {
  const state = newRunState();
  for (const fact of (await store.readRun(run)).facts) evolve(state, fact);
  return changesInPlace(state).map(({ plan: { key } }) => key);
}
