import { relpipeError } from '../../errors/relpipe-error.ts';
import { describeHolder } from './describe-holder.ts';
import { isHeld, laterRuns, type GroupRow } from './group-rules.ts';
import type { RunStore } from './run-store.ts';

/**
 * For a finished run that is going to change something again, in the groups that it has held; it takes them again as it comes to its first
 * change. Throws `REL_OTHER_RUN_OPEN` while another run holds one of them, and `REL_LATER_RUN` when a later run of the group is in effect
 * (`rollback`), or has acted at all (`retry`).
 */
export async function requireNoLaterRun(store: RunStore, run: string, to: 'rollback' | 'retry'): Promise<void> {
  const rows = await store.groups();
  for (const own of rows.filter((row) => row.run === run && row.taken > 0)) {
    const holder = rows.find((row) => row.group === own.group && row.run !== run && isHeld(row));
    if (holder) throw relpipeError('REL_OTHER_RUN_OPEN', { group: own.group, ...(await describeHolder(store, holder.run)) });
    const later = laterRuns(rows, own).findLast((row) => isInTheWay(row, to));
    if (later) throw relpipeError('REL_LATER_RUN', { run, later: later.run, group: own.group, to });
  }
}

const isInTheWay = ({ effect }: GroupRow, to: 'rollback' | 'retry'): boolean => effect === 'in-effect' || (to === 'retry' && effect === 'rolled-back');
