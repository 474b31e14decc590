import { existsSync } from 'node:fs';
import type { ErrorDetails } from '../../errors/catalogue.ts';
import type { Holder } from '../../model/concurrency.ts';
import { groupsTaken, type TakenGroup } from '../../plan/may-change.ts';
import type { Plan } from '../../plan/plan.ts';
import { describeHolder } from '../../run/store/describe-holder.ts';
import { isHeld } from '../../run/store/group-rules.ts';
import type { RunStore } from '../../run/store/run-store.ts';
import { journalOf, withExistingStore } from '../record/open-store.ts';
import type { MadePlan } from './make-plan.ts';

/** A group of runs that a plan takes, and the run that holds it now. */
export interface HeldGroup extends TakenGroup {
  readonly holder: Holder;
}

/** Looks at the journal that a run of the plan would use. One that is not there yet is not made: then there is nothing to see. */
export async function lookAtJournal<T>({ pipeline }: MadePlan, journal: string | undefined, look: (store: RunStore) => Promise<readonly T[]>): Promise<readonly T[]> {
  const place = { folder: pipeline.folder, file: journal };
  return existsSync(journalOf(place)) ? withExistingStore(place, ({ store }) => look(store)) : [];
}

/** The groups that the plan takes and that other runs hold now. */
export async function heldGroups(store: RunStore, plan: Plan): Promise<readonly HeldGroup[]> {
  const taken = groupsTaken(plan);
  const rows = taken.length === 0 ? [] : await store.groups();
  const held: HeldGroup[] = [];
  for (const one of taken) {
    const row = rows.find((other) => other.group === one.group && isHeld(other));
    if (row) held.push({ ...one, holder: await describeHolder(store, row.run) });
  }
  return held;
}

/** What is said about the run that holds a group. */
export const heldBy = (group: string, holder: Holder): ErrorDetails<'REL_OTHER_RUN_OPEN'> => ({ group, ...holder });
