import { foldEvent } from '../../report/view/fold-event.ts';
import { renderRuns } from '../../report/render-runs.ts';
import type { RunView } from '../../report/view/run-view.ts';
import type { Journal } from '../../run/local/journal/journal.ts';
import type { RunRow } from '../../run/local/journal/run-row.ts';
import { isDriven } from '../../run/local/lease/lease.ts';
import { exitCodes } from '../exit-codes.ts';
import { journalAt, type ShowOptions } from '../lookup/open-journal.ts';
import { readRun, standingEvents } from '../lookup/read-run.ts';
import { say } from '../output.ts';

/** `relpipe runs` */
export async function runs(options: ShowOptions): Promise<number> {
  const { journal } = journalAt(process.cwd(), options.journal);
  try {
    const rows = journal.runs().toReversed();
    if (options.json) {
      for (const row of rows) await say(`${JSON.stringify(asItStands(journal, row))}\n`);
      return exitCodes.succeeded;
    }
    const views: RunView[] = [];
    for (const row of rows.filter(({ facts }) => facts > 0)) {
      const { state, events } = await readRun(journal, row.id);
      const view = [...events, ...standingEvents(journal, row, state)].reduce<RunView | undefined>(foldEvent, undefined);
      if (view) views.push(view);
    }
    await say(`${renderRuns(views, { now: Date.now() })}\n`);
    return exitCodes.succeeded;
  } finally {
    journal.close();
  }
}

/** A process that was killed could not write that it drives the run no more. */
function asItStands(journal: Journal, row: RunRow): RunRow {
  const isAbandoned = row.state === 'running' && !isDriven(journal, row.id, Date.now());
  return isAbandoned ? { ...row, state: 'interrupted' } : row;
}
