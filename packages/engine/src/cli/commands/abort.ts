import { isRelpipeError } from '../../errors/relpipe-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { printError } from '../output.ts';
import type { OpenedStore } from '../record/open-store.ts';
import { isAcknowledged, printRecorded, sendCommand, whoActsOnIt, type SendOptions } from '../record/send-command.ts';
import { addPersonOptions, changedRun, notBuiltYetOption, type AddCommand } from './options.ts';

interface AbortOptions extends SendOptions {
  readonly reason: string;
  readonly now?: boolean;
}

/** `relpipe abort [RUN]` */
export const addAbort: AddCommand = (program, exit) => {
  addPersonOptions(program.command('abort').description('stop a run and roll back what it did').argument(...changedRun))
    .requiredOption('--reason <text>', 'recorded with the decision')
    .option('--now', 'roll back at once, not in stages')
    .addOption(notBuiltYetOption('--way <name>', 'abort --way'))
    .action(async (run: string | undefined, options: AbortOptions) => exit(await abort(run, options)));
};

/** Where no process executes the run, this one takes it over and rolls back: a bad release does not wait for the next resume. */
const abort = (run: string | undefined, options: AbortOptions): Promise<number> =>
  sendCommand(
    [run],
    options,
    (from) => ({ ...from, command: 'abort', reason: options.reason, urgency: options.now ? 'now' : 'staged' }),
    async (sent) => {
      const { command, opened } = sent;
      if (!(await isAcknowledged(opened.store, command))) return rollBack(opened, command.run);
      return printRecorded(`abort (${command.who.who})`, sent);
    },
  );

/** Longer than any pause of a rollback: the process parks only where nothing but a person's answer is left to wait for. */
const parksOnlyForPeople = '10000h';

/** Where this process cannot resume the run, the command stays in the inbox for the next one. */
async function rollBack(opened: OpenedStore, run: string): Promise<number> {
  const { resumeRun } = await import('../session/resume-run.ts');
  const code = await resumeRun(opened, run, { checkout: true, parkAfter: parksOnlyForPeople }).catch(explainRefusal);
  if (code === exitCodes.refused) process.stderr.write(`The abort is recorded. ${await whoActsOnIt(opened, run)}\n`);
  return code;
}

function explainRefusal(error: unknown): number {
  if (isRelpipeError(error)) return printError(error);
  throw error;
}
