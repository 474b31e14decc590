import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Distinguishes a process from a later one with the same number. */
export interface ProcessIdentity {
  /** Host name and, on Linux, the space its process numbers belong to: a container is a host of its own. */
  readonly host: string;
  readonly pid: number;
  /** When it started, as its system reports it; empty when it did not. */
  readonly started: string;
}

const isLinux = process.platform === 'linux';

export const identifyProcess = (pid: number): ProcessIdentity => ({ host: thisHost(), pid, started: startOf(pid) ?? '' });

/**
 * `elsewhere`: it belongs to another host, and nothing is known of it here. `unknown`: a process has its number, and nobody can tell whether it
 * is this one.
 */
export function lookUpProcess(of: ProcessIdentity): 'alive' | 'gone' | 'elsewhere' | 'unknown' {
  if (of.host !== thisHost()) return 'elsewhere';
  const started = startOf(of.pid);
  if (started === undefined) return 'gone';
  if (started === '') return 'unknown';
  return of.started === '' || of.started === started ? 'alive' : 'gone';
}

/** When the process started; undefined when there is none (a zombie has ended), empty where the system does not tell. */
const startOf = (pid: number): string | undefined => (isLinux ? startOnLinux(pid) : startByPs(pid));

/** Ticks since boot, so that the boot belongs to it (proc_pid_stat(5), field 22; the name in field 2 may hold anything). */
function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${bootId()}:${fields[19] ?? ''}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const answer = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', env });
    const [state = '', ...started] = answer.trim().split(/\s+/);
    return state === '' || state.startsWith('Z') ? undefined : started.join(' ');
  } catch (error) {
    // It ends with 1 where it finds no such process. Without it (a small image), there is only the number.
    return isExit(error) || !hasProcess(pid) ? undefined : '';
  }
}

const isExit = (error: unknown): boolean => error instanceof Error && 'status' in error && error.status === 1;

function hasProcess(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const bootId = once(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
const thisHost = once(() => (isLinux ? `${hostname()} ${readlinkSync('/proc/self/ns/pid')}` : hostname()));

function once<T>(ask: () => T): () => T {
  let answer: { readonly is: T } | undefined;
  return () => (answer ??= { is: ask() }).is;
}
