import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { killedWithinMs } from '../timeouts.ts';

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

/**
 * Groups whose processes carry these environment variables, this process's own group left out; Linux only, elsewhere none can
 * be seen.
 */
export function findGroups(variables: Readonly<Record<string, string>>): ReadonlySet<number> {
  if (process.platform !== 'linux') return new Set();
  const wanted = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const ownGroup = readProcess('self')?.group;
  const carrying = listProcesses().filter(({ pid, group, hasEnded }) => {
    if (hasEnded || group <= 1 || group === ownGroup) return false;
    const environment = readQuietly(`/proc/${pid}/environ`).split('\0');
    return wanted.every((variable) => environment.includes(variable));
  });
  return new Set(carrying.map(({ group }) => group));
}

interface ProcessEntry {
  readonly pid: string;
  readonly group: number;
  readonly hasEnded: boolean;
}

const listProcesses = (): readonly ProcessEntry[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProcess(pid) ?? []);

/** proc_pid_stat(5): state, parent and group follow the name in brackets. */
function readProcess(pid: string): ProcessEntry | undefined {
  const stat = readQuietly(`/proc/${pid}/stat`);
  if (stat === '') return undefined;
  const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, group: Number(group), hasEnded: state === 'Z' || state === 'X' };
}

/** A process may be gone, or another user's, since it was listed. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function isGone(leader: number, withinMs: number): Promise<boolean> {
  // By the clock, not by the number of checks: on a busy machine each takes its time.
  for (const until = performance.now() + withinMs; performance.now() < until; ) {
    if (!isGroupAlive(leader)) return true;
    await pause(checkEveryMs);
  }
  return !isGroupAlive(leader);
}
