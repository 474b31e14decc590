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
    return options.json ? listJson(store, rows) : list(store, rows);
  });

/** The rows as they are, of runs whose record is whole. */
async function listJson(store: RunStore, rows: readonly RunRow[]): Promise<number> {
  const { read, unreadable } = await readEach(rows, async (row) => {
    await store.readRun(row.id);
    return rowAsItIs(store, row);
  });
  for (const row of read) await print(`${writeJson(row)}\n`);
  return printUnreadable(unreadable);
}

/** A process that was killed could not record that it no longer executes the run. */
async function rowAsItIs(store: RunStore, row: RunRow): Promise<RunRow> {
  const isAbandoned = row.state === 'running' && !(await store.isDriven(row.id));
  return isAbandoned ? { ...row, state: 'interrupted' } : row;
}

async function list(store: RunStore, rows: readonly RunRow[]): Promise<number> {
  const { read, unreadable } = await readEach(rows, (row) => viewIfStarted(store, row));
  const views = read.filter((view) => view !== undefined);
  if (views.length > 0 || unreadable.length === 0) await print(`${renderRuns(views, { now: Date.now() })}\n`);
  return printUnreadable(unreadable);
}

async function viewIfStarted(store: RunStore, row: RunRow): Promise<RunView | undefined> {
  if (row.facts > 0) return viewOf((await readRunAsItIs(store, row)).events);
  // Also that there are none is compared.
  await store.readRun(row.id);
  return undefined;
}

interface Unreadable {
  readonly run: string;
  readonly error: RelpipeError;
}

/** A run that cannot be read, because its record was changed or comes from a newer relpipe, does not hide the others. */
async function readEach<T>(rows: readonly RunRow[], readOne: (row: RunRow) => Promise<T>): Promise<{ readonly read: readonly T[]; readonly unreadable: readonly Unreadable[] }> {
  const read: T[] = [];
  const unreadable: Unreadable[] = [];
  for (const row of rows) {
    try {
      read.push(await readOne(row));
    } catch (error) {
      if (!isRelpipeError(error)) throw error;
      unreadable.push({ run: row.id, error });
    }
  }
  return { read, unreadable };
}

function printUnreadable(unreadable: readonly Unreadable[]): number {
  for (const { run, error } of unreadable) {
    process.stderr.write(`Run ${run} cannot be shown:\n`);
    printError(error);
  }
  return unreadable.length === 0 ? exitCodes.succeeded : exitCodes.refused;
}
