import type { OpKey } from '../../core/op.ts';
import { lookUpProcess, type ProcessIdentity } from '../lease/process-identity.ts';
import { readProcessBook, type BookedGroup } from './process-book.ts';
import { endGroup, findGroups, isGroupAlive } from './process-group.ts';
import type { RunFolder } from './run-folder.ts';
import { opVariables } from './task-variables.ts';

/** Between SIGTERM and SIGKILL. */
const killGraceMs = 5_000;

/**
 * Ends what a former driver's op has left running on this machine. Never a process that only has the same number. Not to be asked while
 * a launcher of this process is at work.
 */
export async function endFormerProcesses(run: string, key: OpKey, folder: RunFolder): Promise<void> {
  // First, because it may still have an order to start something.
  await Promise.all(readProcessBook(folder.processes).launchers.map(endFormerLauncher));
  const book = readProcessBook(folder.processes);
  const own = opVariables(run, key);
  const booked = book.groups.filter((group) => group.key === key && isStillOurs(group, own)).map(({ leader }) => leader.pid);
  const unbooked = book.unbooked.has(key) ? findGroups(own) : [];
  await Promise.all([...new Set([...booked, ...unbooked])].map((leader) => endGroup(leader, killGraceMs)));
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
