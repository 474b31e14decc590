import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { OpKey } from '../../core/op.ts';
import { cutIdentity, identifyProcess, type ProcessIdentity } from '../lease/process-identity.ts';

/** A process group that a task has started; the leader's number is the group's. */
export interface BookedGroup {
  readonly key: OpKey;
  readonly leader: ProcessIdentity;
}

export interface ReadBook {
  /** Started, and not known to have ended. */
  readonly groups: readonly BookedGroup[];
  /** About to be started when the book ends: their processes may be there without an entry. */
  readonly unbooked: ReadonlySet<OpKey>;
  /** Processes that start commands for a driver. */
  readonly launchers: readonly ProcessIdentity[];
}

type Entry =
  | { readonly starting: OpKey }
  | { readonly started: OpKey; readonly leader: ProcessIdentity }
  | { readonly ended: number }
  | { readonly launcher: ProcessIdentity };

/**
 * Remembers each process group in a file, so that whoever comes after a killed driver can end them. Not synced to the disk:
 * what makes the disk forget ends the processes too. A driver and its launcher write the same file, each entry at once.
 */
export class ProcessBook {
  readonly path: string;
  readonly #running = new Set<number>();
  #file: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /** Books the group that `start` starts; between its two entries nothing else happens in this process. */
  start<C extends { readonly pid?: number | undefined }>(key: OpKey, start: () => C): C {
    this.#write({ starting: key });
    const child = start();
    if (child.pid !== undefined) {
      this.#running.add(child.pid);
      this.#write({ started: key, leader: identifyProcess(child.pid) });
    }
    return child;
  }

  /** A group that the launcher has started and booked for this process. */
  adopt(leader: number): void {
    this.#running.add(leader);
  }

  /** Before it gets its first order. */
  startedLauncher(launcher: ProcessIdentity): void {
    this.#write({ launcher });
  }

  ended(pid: number): void {
    this.#running.delete(pid);
    this.#write({ ended: pid });
  }

  /** Leaders of the groups that have been started for this process and have not ended. */
  running(): readonly number[] {
    return [...this.#running];
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #write(entry: Entry): void {
    if (this.#file === undefined) {
      mkdirSync(dirname(this.path), { recursive: true });
      this.#file = openSync(this.path, 'a');
    }
    writeSync(this.#file, lineOf(entry));
  }
}

/** The two entries about a group that a launcher starts; the second cut where the number of its leader and its start belong. */
export function entriesToFill(key: OpKey): readonly [string, string, string, string] {
  const [beforePid, beforeTicks, behind] = cutIdentity();
  return [lineOf({ starting: key }), `{"started":${JSON.stringify(key)},"leader":${beforePid}`, beforeTicks, `${behind}}\n`];
}

const lineOf = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

export function readProcessBook(path: string): ReadBook {
  const groups = new Map<number, BookedGroup>();
  const unbooked = new Set<OpKey>();
  const launchers: ProcessIdentity[] = [];
  for (const entry of readEntries(path)) {
    if ('starting' in entry) unbooked.add(entry.starting);
    if ('started' in entry) {
      unbooked.delete(entry.started);
      groups.set(entry.leader.pid, { key: entry.started, leader: entry.leader });
    }
    if ('ended' in entry) groups.delete(entry.ended);
    if ('launcher' in entry) launchers.push(entry.launcher);
  }
  return { groups: [...groups.values()], unbooked, launchers };
}

function readEntries(path: string): readonly Entry[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  // What stands behind the last line end was cut off by a crash.
  return text.split('\n').slice(0, -1).flatMap((line) => readEntry(line));
}

function readEntry(line: string): readonly Entry[] {
  try {
    return [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}
