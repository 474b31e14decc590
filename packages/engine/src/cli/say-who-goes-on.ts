import { nextCommandsAt } from '../report/text/next-commands.ts';
import { isDriven } from '../run/local/lease/lease.ts';
import { commandPlace } from './command-place.ts';
import type { OpenedJournal } from './journal-at.ts';

/** What happens with a letter that was just sent. */
export const sayWhoGoesOn = (opened: OpenedJournal, run: string): string =>
  isDriven(opened.journal, run, Date.now())
    ? `Run ${run} goes on.`
    : `Nobody drives run ${run} now; go on with: ${nextCommandsAt(commandPlace(opened)).resume(run)}`;
