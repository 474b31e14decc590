import { isRelpipeError } from '../../errors/relpipe-error.ts';
import type { Identity } from '../../run/core/fact.ts';
import type { InboxCommand } from '../../run/store/inbox-command.ts';
import { exitCodes } from '../exit-codes.ts';
import { printError } from '../output.ts';
import type { OpenedStore } from '../record/open-store.ts';
import { isAcknowledged, printRecorded, sendCommand, whoActsOnIt, type SendOptions } from '../record/send-command.ts';

type Order = (from: { readonly id: string; readonly run: string; readonly who: Identity }) => InboxCommand;

/**
 * Orders an open run to do something at once. Where no process executes the run, this one takes it over: a bad release does not wait for the
 * next resume.
 */
export const orderRun = (run: string | undefined, options: SendOptions, order: Order): Promise<number> =>
  sendCommand([run], options, order, async (sent) => {
    const { command, opened } = sent;
    if (!(await isAcknowledged(opened.store, command))) return carryOut(opened, command);
    return printRecorded(`${command.command} (${command.who.who})`, sent);
  });

/** Longer than any pause of a rollback: the process parks only where nothing but a person's answer is left to wait for. */
const parksOnlyForPeople = '10000h';

/** Where this process cannot resume the run, the command stays in the inbox for the next one. */
async function carryOut(opened: OpenedStore, { command, run }: InboxCommand): Promise<number> {
  const { resumeRun } = await import('./resume-run.ts');
  const code = await resumeRun(opened, run, { checkout: true, parkAfter: parksOnlyForPeople }).catch(explainRefusal);
  if (code === exitCodes.refused) process.stderr.write(`The ${command} is recorded. ${await whoActsOnIt(opened, run)}\n`);
  return code;
}

function explainRefusal(error: unknown): number {
  if (isRelpipeError(error)) return printError(error);
  throw error;
}
