import { relpipeError } from '../../errors/relpipe-error.ts';
import { findStepToContinue } from '../record/find.ts';
import { printRecorded, sendCommand, type SendOptions } from '../record/send-command.ts';
import { addPersonOptions, changedRun, namedStep, type AddCommand } from './options.ts';

interface ContinueOptions extends SendOptions {
  readonly reason: string;
  readonly accept?: boolean;
}

/** `relpipe continue [RUN] [STEP]` */
export const addContinue: AddCommand = (program, exit) => {
  const command = program.command('continue').description('continue a paused run, or end the wait of a step early').argument(...changedRun).argument(...namedStep);
  addPersonOptions(command)
    .requiredOption('--reason <text>', 'recorded with the decision')
    .option('--accept', 'leave the failed step as it is, and continue without it')
    .action(async (run: string | undefined, step: string | undefined, options: ContinueOptions) => exit(await continueRun(run, step, options)));
};

const continueRun = (run: string | undefined, step: string | undefined, options: ContinueOptions): Promise<number> =>
  sendCommand(
    [run, step],
    options,
    (from, state, named) => {
      const { reason, accept } = options;
      if (named !== undefined || accept) {
        const key = findStepToContinue(state, named, accept === true);
        return { ...from, command: 'continue', reason, step: key, ...(accept && { accept }) };
      }
      if (state.mode !== 'paused' && state.haltedBecause === undefined) throw relpipeError('REL_RUN_NOT_PAUSED', { run: from.run });
      return { ...from, command: 'continue', reason };
    },
    (sent) => printRecorded(`continue (${sent.command.who.who})`, sent),
  );
