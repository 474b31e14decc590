import { renderStatus } from '../../report/render-status.ts';
import { nextCommandsAt } from '../../report/text/next-commands.ts';
import { describeCommand } from '../../run/store/inbox-command.ts';
import { exitCodes } from '../exit-codes.ts';
import { print } from '../output.ts';
import { findRun } from '../record/find.ts';
import { commandPlace, withStore } from '../record/open-store.ts';
import { printRefused } from '../record/print-refused.ts';
import { readCheckedRun } from '../record/read-recorded-run.ts';
import { silentDriverText } from '../record/silent-driver.ts';
import { journalOption, shownRun, type AddCommand } from './options.ts';
import { writeJson } from '../../util/write-json.ts';

interface StatusOptions {
  readonly journal?: string;
  readonly json?: boolean;
}

/** `relpipe status [RUN]` */
export const addStatus: AddCommand = (program, exit) => {
  program
    .command('status')
    .description('show the state of a run and what it is waiting for')
    .argument(...shownRun)
    .addOption(journalOption())
    .option('--json', 'print its events, one JSON object a line')
    .action(async (run: string | undefined, options: StatusOptions) => exit(await status(run, options)));
};

const status = (name: string | undefined, options: StatusOptions): Promise<number> =>
  withStore({ file: options.journal, access: 'read' }, async (opened) => {
    const run = await findRun(opened.store, name);
    const { plan, events } = await readCheckedRun(opened.store, run);
    printRefused(run.id, await opened.store.refusedCommands(run.id));
    if (options.json) for (const event of events) await print(`${writeJson(event)}\n`);
    else {
      const recorded = (await opened.store.inbox(run.id)).map(describeCommand);
      const next = nextCommandsAt(commandPlace(opened));
      const driver = await opened.store.driver(run.id);
      const silent = driver?.isSilent ? { silent: silentDriverText(driver, run.id, next.resume(run.id)) } : {};
      await print(`${renderStatus(plan, events, { now: Date.now(), next, recorded, ...silent })}\n`);
    }
    return exitCodes.succeeded;
  });
