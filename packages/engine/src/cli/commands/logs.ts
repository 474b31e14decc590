import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Fact } from '../../run/core/fact.ts';
import type { TaskOp } from '../../run/core/operation.ts';
import { runFolder } from '../../run/local/tasks/run-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { findRun, insistOnStep } from '../lookup/find.ts';
import { journalAt, type ShowOptions } from '../lookup/open-journal.ts';
import { unlessReaderLeft } from '../ignore-broken-pipe.ts';

/** `relpipe logs RUN [STEP]`: what was printed, try by try, in the order in which they began. Secrets were masked when it was written. */
export async function logs(name: string | undefined, step: string | undefined, options: ShowOptions): Promise<number> {
  const { journal, relpipeFolder } = journalAt(process.cwd(), options.journal);
  try {
    const run = findRun(journal, name);
    const facts = journal.readFacts(run.id);
    const key = step === undefined ? undefined : insistOnStep(facts, step);
    const folder = runFolder(relpipeFolder, run.id);
    const tasks = tasksOf(facts).filter((op) => key === undefined || op.step === key);
    await pipeline(printedBy(tasks, (task) => folder.logFile(task)), process.stdout, { end: false }).catch(unlessReaderLeft);
    return exitCodes.succeeded;
  } finally {
    journal.close();
  }
}

const tasksOf = (facts: readonly Fact[]): TaskOp[] =>
  facts.flatMap((fact) => (fact.fact === 'decided' ? fact.changes.flatMap((change) => (change.do === 'start' ? [change.op] : [])) : [])).filter((op) => op.op === 'task');

async function* printedBy(tasks: readonly TaskOp[], fileOf: (task: TaskOp) => string): AsyncGenerator<string | Buffer> {
  for (const task of tasks) {
    const file = fileOf(task);
    if (!existsSync(file)) continue;
    yield `==> ${task.step} (${task.verb} ${String(task.attempt)})\n`;
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  }
}
