import type { ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { identifyProcess, lookUpProcess, type ProcessIdentity } from '../../../util/process-identity.ts';
import type { OpKey } from '../../core/operation.ts';
import { grantedGraceMs, guardAfterMs } from '../timeouts.ts';
import { startGuard } from './command-guard.ts';
import { processesOf, type RunProcess } from './list-processes.ts';
import { endGroup, isGroupAlive } from './process-group.ts';
import { writeJson } from '../../../util/write-json.ts';

/** A process group that an op has started; the leader's number is the group's. */
interface RegisteredGroup {
  readonly key: OpKey;
  readonly leader: ProcessIdentity;
}

type Entry =
  | { readonly starting: OpKey }
  | { readonly started: OpKey; readonly leader: ProcessIdentity }
  | { readonly ended: number };

/**
 * Remembers each process group in a file, so that the process that takes up a run after a killed one can end them, should its guard not
 * have done so. Not synced to the disk: what makes the disk forget ends the processes too.
 */
export class ProcessRegistry {
  readonly path: string;
  readonly #running = new Map<number, OpKey>();
  #file: number | undefined;
  /** Where the entries of this process start. */
  #offset = 0;
  #guard: ChildProcess | undefined;
  #guardTimer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Registers the group that `start` starts; between its two entries nothing else happens in this process. Throws when the first one cannot be
   * written: nothing has started then.
   */
  register<C extends { readonly pid?: number | undefined }>(key: OpKey, start: () => C): C {
    this.#write({ starting: key });
    const child = start();
    if (child.pid !== undefined) {
      this.#running.set(child.pid, key);
      this.#writeIfPossible({ started: key, leader: identifyProcess(child.pid) });
      this.#startGuardSoon();
    }
    return child;
  }

  /** The command of the group has ended. */
  reap(leader: number): void {
    this.#running.delete(leader);
    this.#writeIfPossible({ ended: leader });
  }

  /** Leaders of the groups that this process has started and that have not ended. */
  running(): readonly number[] {
    return [...this.#running.keys()];
  }

  /** The ops of these groups. */
  runningOps(): ReadonlySet<OpKey> {
    return new Set(this.#running.values());
  }

  /** This process ends at once: the guard is needed now, for what still runs. */
  leaveToGuard(): void {
    if (this.#running.size > 0) this.#guard ??= startGuard(this.path, this.#offset);
  }

  close(): void {
    clearTimeout(this.#guardTimer);
    this.#guard?.stdin?.end();
    this.#guard = this.#guardTimer = undefined;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** A run of short commands needs no guard. */
  #startGuardSoon(): void {
    if (this.#guard || this.#guardTimer) return;
    this.#guardTimer = setTimeout(() => {
      this.#guardTimer = undefined;
      if (this.#running.size > 0) this.#guard = startGuard(this.path, this.#offset);
    }, guardAfterMs).unref();
  }

  /** What a full disk refuses must not fail a command that has started: without the entry it is found by its environment. */
  #writeIfPossible(entry: Entry): void {
    try {
      this.#write(entry);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }

  #write(entry: Entry): void {
    if (this.#file === undefined) {
      mkdirSync(dirname(this.path), { recursive: true });
      this.#file = openSync(this.path, 'a');
      this.#offset = fstatSync(this.#file).size;
    }
    // Before it, too: a crash or a full disk may have cut off the last entry.
    writeSync(this.#file, `\n${writeJson(entry)}\n`);
  }
}

/** The groups that have started and are not known to have ended. */
export function readProcessRegistry(path: string): readonly RegisteredGroup[] {
  const groups = new Map<number, RegisteredGroup>();
  for (const entry of readEntries(path)) {
    if ('started' in entry) groups.set(entry.leader.pid, { key: entry.started, leader: entry.leader });
    if ('ended' in entry) groups.delete(entry.ended);
  }
  return [...groups.values()];
}

function readEntries(path: string): readonly Entry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  // A crash has cut off what follows the last line end.
  return text.split('\n').slice(0, -1).flatMap((line) => readEntry(line));
}

function readEntry(line: string): readonly Entry[] {
  try {
    return [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}

/** What a previous driver has left: the groups that it registered, and what carries the variables of its run, a daemon for example. */
export interface Leftovers {
  readonly groups: readonly RegisteredGroup[];
  readonly processes: readonly RunProcess[];
}

export const findLeftovers = (run: string, path: string): Leftovers => ({ groups: readProcessRegistry(path), processes: processesOf(run) });

/** Ends what an op of a previous driver has left running on this machine. Never ends a process that only has the same number. */
export async function endLeftovers(key: OpKey, { groups, processes }: Leftovers): Promise<void> {
  const carrying = new Set(processes.flatMap((one) => (one.key === key ? [one.group] : [])));
  const registered = groups.filter((group) => group.key === key && isStillOurs(group, carrying)).map(({ leader }) => leader.pid);
  await Promise.all([...new Set([...registered, ...carrying])].map((leader) => endGroup(leader, grantedGraceMs)));
}

/** A group whose leader has ended can be recognized only by what its other processes carry. */
function isStillOurs({ leader }: RegisteredGroup, carrying: ReadonlySet<number>): boolean {
  const state = lookUpProcess(leader);
  if (state !== 'gone') return state === 'alive';
  return isGroupAlive(leader.pid) && carrying.has(leader.pid);
}
