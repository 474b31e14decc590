import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const lookEveryMs = 20;
/** After SIGKILL only the kernel is left to wait for. */
const killedWithinMs = 2_000;

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

/** Groups whose processes carry these environment variables, this process's own group left out; Linux only, elsewhere none can be seen. */
export function findGroups(variables: Readonly<Record<string, string>>): ReadonlySet<number> {
  const wanted = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const groups = new Set<number>();
  if (process.platform !== 'linux') return groups;
  const ownGroup = groupOf('self');
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const environment = readQuietly(`/proc/${pid}/environ`).split('\0');
    const group = groupOf(pid);
    if (group > 1 && group !== ownGroup && wanted.every((variable) => environment.includes(variable))) groups.add(group);
  }
  return groups;
}

/** proc_pid_stat(5), field 5. */
function groupOf(pid: string): number {
  const stat = readQuietly(`/proc/${pid}/stat`);
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

/** A process may be gone, or another user's, between two looks. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function isGone(leader: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited <= withinMs; waited += lookEveryMs) {
    if (!signalGroup(leader, 0)) return true;
    await pause(lookEveryMs);
  }
  return !signalGroup(leader, 0);
}
