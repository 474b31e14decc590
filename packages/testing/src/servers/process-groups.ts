import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A variable in the environment of every server and of the processes that it starts: the folder of the server. */
export const folderVariable = 'RELPIPE_SERVER_FOLDER';

/**
 * The process groups that belong to a server, also after it exited: of the processes with its folder in their environment, of those in
 * its own group with that working directory (nginx overwrites its environment), and of their descendants.
 */
export function ownGroups(folder: string, leader: number): readonly number[] {
  const processes = listProcesses();
  const belongs = ({ pid, group }: ProcessEntry): boolean => hasInEnvironment(folder, pid) || (group === leader && worksIn(folder, pid));
  const own = new Set(processes.filter(belongs).map(({ pid }) => pid));
  for (let before = -1; before < own.size; ) {
    before = own.size;
    for (const { pid, parent } of processes) if (own.has(parent)) own.add(pid);
  }
  return [...new Set(processes.filter(({ pid }) => own.has(pid)).map(({ group }) => group))];
}

const hasInEnvironment = (folder: string, pid: number): boolean =>
  readQuietly(`/proc/${pid}/environ`).split('\0').includes(`${folderVariable}=${folder}`);

const worksIn = (folder: string, pid: number): boolean => linkQuietly(`/proc/${pid}/cwd`) === folder;

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

const listProcesses = (): readonly ProcessEntry[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProcess(Number(pid)) ?? []);

/** proc_pid_stat(5): state, parent and group follow the name in brackets. Undefined for a process that has exited. */
function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readQuietly(`/proc/${pid}/stat`);
  const [state = 'X', parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), group: Number(group) };
}

/** A process may exit between two reads, or belong to another user. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkQuietly(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
