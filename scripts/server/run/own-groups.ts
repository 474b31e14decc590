import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** In the environment of every server, and of whatever it starts: the server's own folder. */
export const folderVariable = 'RELPIPE_SERVER_FOLDER';

/**
 * The process groups that belong to the server with this folder, also when the server itself is gone: those who carry the folder in
 * their environment or work in it (nginx overwrites the one, a container's shim leaves the other), and whatever descends from them.
 */
export function ownGroups(folder: string): readonly number[] {
  const processes = listProcesses();
  const own = new Set(processes.filter(({ pid }) => pid !== process.pid && isOf(folder, pid)).map(({ pid }) => pid));
  for (let before = -1; before < own.size; ) {
    before = own.size;
    for (const { pid, parent } of processes) if (own.has(parent)) own.add(pid);
  }
  return [...new Set(processes.filter(({ pid }) => own.has(pid)).map(({ group }) => group))];
}

function isOf(folder: string, pid: number): boolean {
  if (readQuietly(`/proc/${pid}/environ`).split('\0').includes(`${folderVariable}=${folder}`)) return true;
  const place = linkQuietly(`/proc/${pid}/cwd`);
  return place === folder || place.startsWith(`${folder}/`);
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

const listProcesses = (): readonly ProcessEntry[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProcess(Number(pid)) ?? []);

/** proc_pid_stat(5): behind the name in brackets stand state, parent and group. One that has ended is none. */
function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readQuietly(`/proc/${pid}/stat`);
  const [state = 'X', parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), group: Number(group) };
}

/** A process may be gone, or another user's, between two looks. */
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
