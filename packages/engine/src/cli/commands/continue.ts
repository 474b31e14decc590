import { relpipeError } from '../../errors/relpipe-error.ts';
import { printRecorded, sendCommand, type SendOptions } from '../record/send-command.ts';
import { addPersonOptions, changedRun, type AddCommand } from './options.ts';

interface ContinueOptions extends SendOptions {
  readonly reason: string;
}

/** `relpipe continue [RUN]` */
export const addContinue: AddCommand = (program, exit) => {
  addPersonOptions(program.command('continue').description('continue a paused run').argument(...changedRun))
    .requiredOption('--reason <text>', 'recorded with the decision')
    .action(async (run: string | undefined, options: ContinueOptions) => exit(await continueRun(run, options)));
};

const continueRun = (run: string | undefined, options: ContinueOptions): Promise<number> =>
  sendCommand(
    [run],
    options,
    (from, state) => {
      if (state.mode !== 'paused' && state.haltedBecause === undefined) throw relpipeError('REL_RUN_NOT_PAUSED', { run: from.run });
      return { ...from, command: 'continue', reason: options.reason };
    },
    (sent) => printRecorded(`continue (${sent.command.who.who})`, sent),
  );
