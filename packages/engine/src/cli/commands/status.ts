import { renderStatus } from '../../report/render-status.ts';
import type { RunEvent } from '../../report/events/run-event.ts';
import { nextCommandsAt } from '../../report/text/next-commands.ts';
import { commandPlace, journalAt, type ShowOptions } from '../lookup/open-journal.ts';
import { findRun } from '../lookup/find.ts';
import { exitCodes } from '../exit-codes.ts';
import { readRun, standingEvents } from '../lookup/read-run.ts';
import { say } from '../output.ts';

/** `relpipe status RUN` */
export async function status(name: string | undefined, options: ShowOptions): Promise<number> {
  const opened = journalAt(process.cwd(), options.journal);
  const { journal } = opened;
  try {
    const row = findRun(journal, name);
    const { plan, state, events } = await readRun(journal, row.id);
    const all: RunEvent[] = [...events, ...standingEvents(journal, row, state)];
    if (options.json) for (const event of all) await say(`${JSON.stringify(event)}\n`);
    else await say(`${renderStatus(plan, all, { now: Date.now(), next: nextCommandsAt(commandPlace(opened)) })}\n`);
    return exitCodes.succeeded;
  } finally {
    journal.close();
  }
}
