import { isRelpipeError } from '../../errors/relpipe-error.ts';
import { warn, type Diagnostic } from '../../errors/diagnostic.ts';
import { groupsTaken } from '../../plan/may-change.ts';
import type { Plan } from '../../plan/plan.ts';
import { replayEvents } from '../../report/events/project-events.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import type { RunRow, RunStore } from '../../run/store/run-store.ts';

/**
 * Warns where the newest run of another pipeline has changed what the newest run of this one has changed, under other groups: then they do not
 * keep each other from anything. What a step changes is known only from what it has recorded.
 */
export async function unsharedTargets(store: RunStore, plan: Plan): Promise<readonly Diagnostic[]> {
  const newest = new Map((await store.runs()).filter(({ facts }) => facts > 0).map((row) => [row.name, row]));
  const own = newest.get(plan.name);
  const targets = own === undefined ? new Set<string>() : targetsOf(await read(store, own));
  if (targets.size === 0) return [];
  const groups = groupsTaken(plan).map(({ group }) => group);
  const found: Diagnostic[] = [];
  for (const row of newest.values()) {
    const other = row === own ? undefined : await read(store, row);
    const target = [...targetsOf(other)].find((one) => targets.has(one));
    if (other === undefined || target === undefined || groups.some((group) => other.locks.has(group))) continue;
    found.push(warn('REL_GROUP_NOT_SHARED', { name: row.name, target, groups, others: [...other.locks.keys()] }));
  }
  return found;
}

/** Undefined for a run that cannot be read: others say so. */
async function read(store: RunStore, { id }: RunRow): Promise<RunState | undefined> {
  try {
    return replayEvents((await store.readRun(id)).facts).state;
  } catch (error) {
    if (isRelpipeError(error)) return undefined;
    throw error;
  }
}

const targetsOf = (state: RunState | undefined): ReadonlySet<string> =>
  new Set([...(state?.left ?? [])].flatMap(([uses, targets]) => [...targets.keys()].map((target) => `${uses} ${target}`)));
