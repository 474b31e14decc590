import { renderRuns } from '../../report/render-runs.ts';
import { viewOf } from '../../report/view/fold-event.ts';
import type { RunView } from '../../report/view/run-view.ts';
import type { Journal } from '../../run/local/journal/journal.ts';
import type { RunRow } from '../../run/local/journal/run-row.ts';
import { isDriven } from '../../run/local/lease/lease.ts';
import { exitCodes } from '../exit-codes.ts';
import { withJournal } from '../lookup/open-journal.ts';
import { readRunAsItIs } from '../lookup/read-run.ts';
import { print } from '../output.ts';
import { journalOption, type AddCommand } from './options.ts';

interface RunsOptions {
  readonly journal?: string;
  readonly json?: boolean;
}

/** `relpipe runs` */
export const addRuns: AddCommand = (program, exit) => {
  program
    .command('runs')
    .description('list all runs, newest first')
    .addOption(journalOption())
    .option('--json', 'print one JSON object a line')
    .action(async (options: RunsOptions) => exit(await runs(options)));
};

const runs = (options: RunsOptions): Promise<number> =>
  withJournal(process.cwd(), options.journal, async ({ journal }) => {
    const rows = journal.runs().toReversed();
    if (options.json) for (const row of rows) await print(`${JSON.stringify(rowAsItIs(journal, row))}\n`);
    else await print(`${renderRuns(await viewsOf(journal, rows), { now: Date.now() })}\n`);
    return exitCodes.succeeded;
  });

/** A process that was killed could not record that it no longer executes the run. */
function rowAsItIs(journal: Journal, row: RunRow): RunRow {
  const isAbandoned = row.state === 'running' && !isDriven(journal, row.id, Date.now());
  return isAbandoned ? { ...row, state: 'interrupted' } : row;
}

async function viewsOf(journal: Journal, rows: readonly RunRow[]): Promise<readonly RunView[]> {
  const views: RunView[] = [];
  for (const row of rows.filter(({ facts }) => facts > 0)) {
    const view = viewOf((await readRunAsItIs(journal, row)).events);
    if (view) views.push(view);
  }
  return views;
}
