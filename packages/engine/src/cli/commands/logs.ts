import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Fact } from '../../run/core/fact.ts';
import type { TaskOp } from '../../run/core/operation.ts';
import { runFolder } from '../../run/local/run-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { unlessBrokenPipe } from '../ignore-broken-pipe.ts';
import { findRun, requireStep } from '../record/find.ts';
import { withStore } from '../record/open-store.ts';
import { journalOption, namedStep, shownRun, type AddCommand } from './options.ts';

interface LogsOptions {
  readonly journal?: string;
}

/** `relpipe logs [RUN] [STEP]` */
export const addLogs: AddCommand = (program, exit) => {
  program
    .command('logs')
    .description('print the output of the steps of a run')
    .argument(...shownRun)
    .argument(...namedStep)
    .addOption(journalOption())
    .action(async (run: string | undefined, step: string | undefined, options: LogsOptions) => exit(await logs(run, step, options)));
};

/** Attempt by attempt, in the order in which they started. Secrets were masked when it was written. */
const logs = (name: string | undefined, step: string | undefined, options: LogsOptions): Promise<number> =>
  withStore({ file: options.journal, access: 'read' }, async ({ store, relpipeFolder }) => {
    const run = await findRun(store, name);
    const { facts } = await store.readRun(run.id);
    const key = step === undefined ? undefined : requireStep(facts, step);
    const folder = runFolder(relpipeFolder, run.id);
    const tasks = tasksOf(facts).filter((op) => key === undefined || op.step === key);
    if (!tasks.some((task) => existsSync(folder.logFile(task)))) process.stderr.write(`${key ?? `Run ${run.id}`} printed nothing.\n`);
    await pipeline(outputOf(tasks, (task) => folder.logFile(task)), process.stdout, { end: false }).catch(unlessBrokenPipe);
    return exitCodes.succeeded;
  });

const tasksOf = (facts: readonly Fact[]): TaskOp[] =>
  facts
    .flatMap((fact) => (fact.fact === 'decided' ? fact.changes : []))
    .flatMap((change) => (change.do === 'start' && change.op.op === 'task' ? [change.op] : []));

async function* outputOf(tasks: readonly TaskOp[], fileOf: (task: TaskOp) => string): AsyncGenerator<string | Buffer> {
  for (const task of tasks) {
    const file = fileOf(task);
    if (!existsSync(file)) continue;
    yield `==> ${task.step} (${task.verb} ${String(task.attempt)})\n`;
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  }
}
