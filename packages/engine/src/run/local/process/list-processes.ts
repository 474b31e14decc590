import { readdirSync, readFileSync } from 'node:fs';
import type { OpKey } from '../../core/operation.ts';

interface ProcessEntry {
  readonly pid: number;
  readonly group: number;
  readonly hasEnded: boolean;
}

/** Of this machine; Linux only. */
export const listProcesses = (): readonly ProcessEntry[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProcess(pid) ?? []);

/** By these the processes of an operation are recognized, whichever process started them. */
export const opVariables = (run: string, key: OpKey): Readonly<Record<string, string>> => ({ RELPIPE_RUN_ID: run, RELPIPE_OP: key });

/** A process that a command of a run has started, wherever it is by now: a daemon leaves the group of its command. */
export interface RunProcess {
  readonly pid: number;
  readonly group: number;
  /** The op that its command belongs to. */
  readonly key: OpKey;
}

/** What carries the variables of this run, this process's own group left out; Linux only, elsewhere nothing of it can be seen. */
export function processesOf(run: string): readonly RunProcess[] {
  if (process.platform !== 'linux') return [];
  const ownGroup = readProcess('self')?.group;
  return listProcesses().flatMap(({ pid, group, hasEnded }) => {
    if (hasEnded || group <= 1 || group === ownGroup) return [];
    const environment = readQuietly(`/proc/${pid}/environ`).split('\0');
    const key = environment.find((variable) => variable.startsWith('RELPIPE_OP='))?.slice('RELPIPE_OP='.length);
    return key !== undefined && environment.includes(`RELPIPE_RUN_ID=${run}`) ? [{ pid, group, key }] : [];
  });
}

/** Groups with a process of one of these ops. */
export const groupsOf = (run: string, keys: ReadonlySet<OpKey>): ReadonlySet<number> =>
  new Set(processesOf(run).flatMap(({ key, group }) => (keys.has(key) ? [group] : [])));

/** Its command line, as far as it can be read. */
export const commandLineOf = (pid: number): string => readQuietly(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();

/** proc_pid_stat(5): state, parent and group follow the name in brackets. */
function readProcess(pid: string): ProcessEntry | undefined {
  const stat = readQuietly(`/proc/${pid}/stat`);
  if (stat === '') return undefined;
  const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid: Number(pid), group: Number(group), hasEnded: state === 'Z' || state === 'X' };
}

/** A process may be gone, or another user's, since it was listed. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
