import { setTimeout as pause } from 'node:timers/promises';
import { killedWithinMs } from '../timeouts.ts';
import { listProcesses } from './list-processes.ts';

const checkEveryMs = 20;

/** Asks the whole group to end, and ends it when it has not within `graceMs`. */
export async function endGroup(leader: number, graceMs: number): Promise<void> {
  if (!signalGroup(leader, 'SIGTERM')) return;
  if (await isGone(leader, graceMs)) return;
  signalGroup(leader, 'SIGKILL');
  await isGone(leader, killedWithinMs);
}

/** False when nothing of the group is left. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    // EPERM: it is there, but belongs to another user by now (sudo).
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process of the group still runs; one that has ended and waits to be collected does not. */
export function isGroupAlive(leader: number): boolean {
  if (!signalGroup(leader, 0)) return false;
  return process.platform !== 'linux' || listProcesses().some(({ group, hasEnded }) => group === leader && !hasEnded);
}

async function isGone(leader: number, withinMs: number): Promise<boolean> {
  // By the clock, not by the number of checks: on a busy machine each takes its time.
  for (const until = performance.now() + withinMs; performance.now() < until; ) {
    if (!isGroupAlive(leader)) return true;
    await pause(checkEveryMs);
  }
  return !isGroupAlive(leader);
}
