import { relpipeError } from '../errors/relpipe-error.ts';
import type { Plan } from '../plan/plan.ts';
import type { Journal } from '../run/local/journal/journal.ts';

/** The plan a run was started with. Throws `REL_RUN_UNKNOWN`, `REL_RUN_NOT_STARTED`. */
export function planOf(journal: Journal, run: string): Plan {
  const first = journal.readFacts(run)[0];
  if (first?.fact !== 'planned') throw relpipeError('REL_RUN_NOT_STARTED', { run });
  return first.plan;
}
