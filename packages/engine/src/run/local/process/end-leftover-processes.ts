import type { OpKey } from '../../core/operation.ts';
import type { RunFolder } from '../tasks/run-folder.ts';
import { opVariables } from '../tasks/task-variables.ts';
import { endGroup, findGroups, isGroupAlive } from './process-group.ts';
import { lookUpProcess } from '../../../util/process-identity.ts';
import { readProcessRegistry, type RegisteredGroup, type RegistryContent } from './process-registry.ts';

/** Between SIGTERM and SIGKILL. */
const killGraceMs = 5_000;

/** The registry of previous drivers, to be read once for all their ops: it has three lines for each command of the run. */
export const readLeftovers = ({ processes }: RunFolder): RegistryContent => readProcessRegistry(processes);

/** Ends what an op of a previous driver has left running on this machine. Never ends a process that only has the same number. */
export async function endLeftoverProcesses(run: string, key: OpKey, leftovers: RegistryContent): Promise<void> {
  const own = opVariables(run, key);
  const registered = leftovers.groups.filter((group) => group.key === key && isStillOurs(group, own)).map(({ leader }) => leader.pid);
  const unregistered = leftovers.unregistered.has(key) ? findGroups(own) : [];
  await Promise.all([...new Set([...registered, ...unregistered])].map((leader) => endGroup(leader, killGraceMs)));
}

/** A group whose leader has ended can be recognized only by what its other processes carry. */
function isStillOurs({ leader }: RegisteredGroup, own: Readonly<Record<string, string>>): boolean {
  const state = lookUpProcess(leader);
  if (state !== 'gone') return state === 'alive';
  return isGroupAlive(leader.pid) && findGroups(own).has(leader.pid);
}
