import type { Journal } from '../run/local/journal/journal.ts';
import { isDriven } from '../run/local/lease/lease.ts';

/** What happens with a letter that was just sent. */
export const sayWhoGoesOn = (journal: Journal, run: string): string =>
  isDriven(journal, run, Date.now()) ? `Run ${run} goes on.` : `Nobody drives run ${run} now; go on with: relpipe resume ${run}`;
