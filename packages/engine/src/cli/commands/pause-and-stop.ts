import type { SendOptions } from '../record/send-command.ts';
import { orderRun } from '../session/order-run.ts';
import { addPersonOptions, changedRun, type AddCommand } from './options.ts';

interface OrderOptions extends SendOptions {
  readonly reason: string;
}

/** `relpipe pause [RUN]` */
export const addPause: AddCommand = (program, exit) => addOrder('pause', 'start nothing more until a person decides; what is in effect stays', program, exit);

/** `relpipe stop [RUN]` */
export const addStop: AddCommand = (program, exit) => addOrder('stop', 'end a run and leave its changes in place', program, exit);

function addOrder(name: 'pause' | 'stop', description: string, ...[program, exit]: Parameters<AddCommand>): void {
  addPersonOptions(program.command(name).description(description).argument(...changedRun))
    .requiredOption('--reason <text>', 'recorded with the decision')
    .action(async (run: string | undefined, options: OrderOptions) =>
      exit(await orderRun(run, options, (from) => ({ ...from, command: name, reason: options.reason }))),
    );
}
