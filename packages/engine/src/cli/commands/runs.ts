import { isRelpipeError, type RelpipeError } from '../../errors/relpipe-error.ts';
import { renderRuns } from '../../report/render-runs.ts';
import { viewOf } from '../../report/view/fold-event.ts';
import type { RunView } from '../../report/view/run-view.ts';
import type { RunRow, RunStore } from '../../run/store/run-store.ts';
import { exitCodes } from '../exit-codes.ts';
import { print, printError } from '../output.ts';
import { withStore } from '../record/open-store.ts';
import { readRunAsItIs } from '../record/read-recorded-run.ts';
import { journalOption, type AddCommand } from './options.ts';
import { writeJson } from '../../util/write-json.ts';

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
  withStore({ file: options.journal, access: 'read' }, async ({ store }) => {
    const rows = (await store.runs()).toReversed();
    if (!options.json) return list(store, rows);
    for (const row of rows) await print(`${writeJson(await rowAsItIs(store, row))}\n`);
    return exitCodes.succeeded;
  });

/** A process that was killed could not record that it no longer executes the run. */
async function rowAsItIs(store: RunStore, row: RunRow): Promise<RunRow> {
  const isAbandoned = row.state === 'running' && !(await store.isDriven(row.id));
  return isAbandoned ? { ...row, state: 'interrupted' } : row;
}

/** A run that cannot be read, because its record was changed or comes from a newer relpipe, does not hide the others. */
async function list(store: RunStore, rows: readonly RunRow[]): Promise<number> {
  const views: RunView[] = [];
  const unreadable: { readonly run: string; readonly error: RelpipeError }[] = [];
  for (const row of rows.filter(({ facts }) => facts > 0)) {
    try {
      const view = viewOf((await readRunAsItIs(store, row)).events);
      if (view) views.push(view);
    } catch (error) {
      if (!isRelpipeError(error)) throw error;
      unreadable.push({ run: row.id, error });
    }
  }
  if (views.length > 0 || unreadable.length === 0) await print(`${renderRuns(views, { now: Date.now() })}\n`);
  for (const { run, error } of unreadable) {
    process.stderr.write(`Run ${run} cannot be shown:\n`);
    printError(error);
  }
  return unreadable.length === 0 ? exitCodes.succeeded : exitCodes.refused;
}
