import type { OpKey } from '../../core/op.ts';
import { lookUpProcess, type ProcessIdentity } from '../lease/process-identity.ts';
import { readProcessBook, type BookedGroup, type ReadBook } from './process-book.ts';
import { endGroup, findGroups, isGroupAlive } from './process-group.ts';
import type { RunFolder } from './run-folder.ts';
import { opVariables } from './task-variables.ts';

/** Between SIGTERM and SIGKILL. */
const killGraceMs = 5_000;

/** Ends what a former driver's op has left running on this machine, by the book of it. Never a process that only has the same number. */
export async function endFormerProcesses(run: string, key: OpKey, book: ReadBook): Promise<void> {
  const own = opVariables(run, key);
  const booked = book.groups.filter((group) => group.key === key && isStillOurs(group, own)).map(({ leader }) => leader.pid);
  const unbooked = book.unbooked.has(key) ? findGroups(own) : [];
  await Promise.all([...new Set([...booked, ...unbooked])].map((leader) => endGroup(leader, killGraceMs)));
}

/**
 * The book of former drivers, to be read once for all their ops: it has two lines for each command of the run. Their launchers are ended
 * first, because one may still have an order to start something. Not to be asked while a launcher of this process is at work.
 */
export async function readFormerBook({ processes }: RunFolder): Promise<ReadBook> {
  await Promise.all(readProcessBook(processes).launchers.map(endFormerLauncher));
  return readProcessBook(processes);
}

async function endFormerLauncher(launcher: ProcessIdentity): Promise<void> {
  if (lookUpProcess(launcher) === 'alive') await endGroup(launcher.pid, 0);
}

/** A group whose leader has ended can be told only by what its other processes carry. */
function isStillOurs({ leader }: BookedGroup, own: Readonly<Record<string, string>>): boolean {
  const state = lookUpProcess(leader);
  if (state !== 'gone') return state === 'alive';
  return isGroupAlive(leader.pid) && findGroups(own).has(leader.pid);
}
