import { isRelpipeError } from '../../errors/relpipe-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { printError } from '../output.ts';
import type { OpenedStore } from '../record/open-store.ts';
import { isAcknowledged, printRecorded, sendCommand, whoActsOnIt, type SendOptions } from '../record/send-command.ts';
import { addPersonOptions, changedRun, notBuiltYetOption, type AddCommand } from './options.ts';

interface RollbackOptions extends SendOptions {
  readonly reason: string;
  readonly now?: boolean;
}

/** `relpipe rollback [RUN]` */
export const addRollback: AddCommand = (program, exit) => {
  addPersonOptions(program.command('rollback').description('stop a run and roll back what it did').argument(...changedRun))
    .requiredOption('--reason <text>', 'recorded with the decision')
    .option('--now', 'roll back at once, not in stages')
    .addOption(notBuiltYetOption('--way <name>', 'rollback --way'))
    .action(async (run: string | undefined, options: RollbackOptions) => exit(await rollback(run, options)));
};

/** Where no process executes the run, this one takes it over and rolls back: a bad release does not wait for the next resume. */
const rollback = (run: string | undefined, options: RollbackOptions): Promise<number> =>
  sendCommand(
    [run],
    options,
    (from) => ({ ...from, command: 'rollback', reason: options.reason, urgency: options.now ? 'now' : 'staged' }),
    async (sent) => {
      const { command, opened } = sent;
      if (!(await isAcknowledged(opened.store, command))) return rollBack(opened, command.run);
      return printRecorded(`rollback (${command.who.who})`, sent);
    },
  );

/** Longer than any pause of a rollback: the process parks only where nothing but a person's answer is left to wait for. */
const parksOnlyForPeople = '10000h';

/** Where this process cannot resume the run, the command stays in the inbox for the next one. */
async function rollBack(opened: OpenedStore, run: string): Promise<number> {
  const { resumeRun } = await import('../session/resume-run.ts');
  const code = await resumeRun(opened, run, { checkout: true, parkAfter: parksOnlyForPeople }).catch(explainRefusal);
  if (code === exitCodes.refused) process.stderr.write(`The rollback is recorded. ${await whoActsOnIt(opened, run)}\n`);
  return code;
}

function explainRefusal(error: unknown): number {
  if (isRelpipeError(error)) return printError(error);
  throw error;
}
