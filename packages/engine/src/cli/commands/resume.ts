import { isRelpipeError, relpipeError } from '../../errors/relpipe-error.ts';
import { nextCommandsAt } from '../../report/text/next-commands.ts';
import type { RunRow, RunStore } from '../../run/store/run-store.ts';
import { counted } from '../../util/phrases.ts';
import { exitCodes, worstFirst } from '../exit-codes.ts';
import { print, printError } from '../output.ts';
import { findRunToResume } from '../record/find.ts';
import { commandPlace, withStore, type OpenedStore } from '../record/open-store.ts';
import { silentDriverText } from '../record/silent-driver.ts';
import { printRefused } from '../record/print-refused.ts';
import { addDrivingOptions, readDrivingOptions } from '../session/driving-options.ts';
import { resumeRun, type ResumeOptions } from '../session/resume-run.ts';
import { changedRun, journalOption, notBuiltYetOption, type AddCommand } from './options.ts';

interface ResumeCommandOptions extends ResumeOptions {
  readonly journal?: string;
  readonly due?: boolean;
}

/** `relpipe resume [RUN]` */
export const addResume: AddCommand = (program, exit) => {
  const command = program.command('resume').description('resume a run that was parked, interrupted or killed').argument(...changedRun);
  addDrivingOptions(command.addOption(journalOption()))
    .option('--due', 'resume every run that is due, one after the other')
    .option('--checkout', 'use a separate work tree at the commit that the run was planned at')
    .option('--accept-changed-plugins', 'use plugins whose files are not those that the run was planned with')
    .addOption(notBuiltYetOption('--replan', 'resume --replan'))
    .action(async (run: string | undefined, options: ResumeCommandOptions) => exit(await resume(run, options)));
};

async function resume(name: string | undefined, options: ResumeCommandOptions): Promise<number> {
  readDrivingOptions(options, 'resume');
  return withStore({ file: options.journal, access: 'write' }, async (opened) => {
    if (options.due) return resumeDue(opened, options);
    return resumeRun(opened, (await findRunToResume(opened.store, name)).id, options);
  });
}

/**
 * One after the other; the worst of their exit codes. A run that cannot be resumed here does not keep the others from it. A schedule must
 * notice that it looks at an empty journal, so that is an error: `REL_NO_RUNS`.
 */
async function resumeDue(opened: OpenedStore, options: ResumeOptions): Promise<number> {
  const { store } = opened;
  const runs = await store.runs();
  if (runs.length === 0) throw relpipeError('REL_NO_RUNS', { journal: store.place });
  const due = await dueRuns(runs, store, Date.now());
  if (due.length === 0) await print(`None of ${counted(runs.length, 'run')} in ${store.place} is due.\n`);
  const codes: number[] = [];
  for (const row of due) {
    try {
      codes.push(await resumeRun(opened, row.id, options));
    } catch (error) {
      if (!isRelpipeError(error)) throw error;
      codes.push(error.code === 'REL_RUN_BUSY' ? await explainBusy(opened, row.id) : printError(error));
    }
  }
  return worstFirst.find((code) => codes.includes(code)) ?? exitCodes.succeeded;
}

/** Another process is executing it: nothing is left to do here, unless that one does not answer. */
async function explainBusy(opened: OpenedStore, run: string): Promise<number> {
  const driver = await opened.store.driver(run);
  if (driver?.isSilent !== true) {
    await print(`Run ${run} is being executed by another process.\n`);
    return exitCodes.succeeded;
  }
  process.stderr.write(`${silentDriverText(driver, run, nextCommandsAt(commandPlace(opened)).resume(run))}\n`);
  return exitCodes.busy;
}

async function dueRuns(runs: readonly RunRow[], store: RunStore, now: number): Promise<readonly RunRow[]> {
  const granted = new Set((await store.groups()).flatMap(({ at, run }) => (at === 'granted' ? [run] : [])));
  const due: RunRow[] = [];
  for (const row of runs) {
    if ((await isDue(row, store, now)) || (row.state !== 'over' && granted.has(row.id))) due.push(row);
    else if (row.state !== 'over') printRefused(row.id, await store.refusedCommands(row.id));
  }
  return due;
}

/** Its time has come, its process died, or a command waits in its inbox. */
async function isDue({ id, state, facts, wakeAt }: RunRow, store: RunStore, now: number): Promise<boolean> {
  if (state === 'over' || facts === 0) return false;
  if (state === 'running' || state === 'interrupted') return true;
  return (wakeAt !== undefined && wakeAt <= now) || (await store.inbox(id)).length > 0;
}
