import type { SendOptions } from '../record/send-command.ts';
import { orderRun } from '../session/order-run.ts';
import { addPersonOptions, changedRun, type AddCommand } from './options.ts';

interface RollbackOptions extends SendOptions {
  readonly reason: string;
  readonly now?: boolean;
}

/** `relpipe rollback [RUN]` */
export const addRollback: AddCommand = (program, exit) => {
  addPersonOptions(program.command('rollback').description('stop a run and roll back what it did').argument(...changedRun))
    .requiredOption('--reason <text>', 'recorded with the decision')
    .option('--now', 'roll back at once, not in stages')
    .action(async (run: string | undefined, options: RollbackOptions) => exit(await rollBack(run, options)));
};

const rollBack = (run: string | undefined, options: RollbackOptions): Promise<number> =>
  orderRun(run, options, (from) => ({ ...from, command: 'rollback', reason: options.reason, urgency: options.now ? 'now' : 'staged' }));
