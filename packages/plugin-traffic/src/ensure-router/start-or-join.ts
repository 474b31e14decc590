import { setTimeout as sleep } from 'node:timers/promises';
import { findRouter, type FoundRouter } from '../router/find-router.ts';
import { RouterError } from '../router/router-error.ts';
import type { RouterFlags } from '../router/settings/router-flags.ts';
import { startRouter } from '../router/start-router.ts';
import { provideFolder } from './provide-folder.ts';

/** Starts the router, or waits for the one that somebody else is starting on the same state file at this moment. */
export async function startOrJoin(flags: RouterFlags, signal: AbortSignal): Promise<{ readonly router: FoundRouter; readonly started: boolean }> {
  try {
    await provideFolder(flags.state);
    return { router: await startRouter(flags, signal), started: true };
  } catch (error) {
    const isTaken = error instanceof RouterError && error.code === 'TRAFFIC_ROUTER_ALREADY_RUNNING';
    const router = isTaken ? await untilFound(flags.state, signal) : undefined;
    if (router === undefined) throw error;
    return { router, started: false };
  }
}

/** Undefined when whoever holds the state file does not answer. */
async function untilFound(stateFile: string, signal: AbortSignal): Promise<FoundRouter | undefined> {
  for (const until = performance.now() + answersWithinMs; performance.now() < until; ) {
    const found = await findRouter(stateFile, signal);
    if (found !== undefined) return found;
    await sleep(pollMs, undefined, { signal });
  }
  return undefined;
}

const answersWithinMs = 10_000;
const pollMs = 50;
