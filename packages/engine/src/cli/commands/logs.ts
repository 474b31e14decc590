import { createReadStream, existsSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Fact } from '../../run/core/fact.ts';
import type { TaskOp } from '../../run/core/op.ts';
import { runFolder } from '../../run/local/tasks/run-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { findRun } from '../find-run.ts';
import { insistOnStep } from '../find-step.ts';
import { journalAt, type ShowOptions } from '../journal-at.ts';

/** `relpipe logs RUN [STEP]`: what was printed, try by try, in the order in which they began. Secrets were masked when it was written. */
export async function logs(name: string | undefined, step: string | undefined, options: ShowOptions): Promise<number> {
  const { journal, relpipeFolder } = journalAt(process.cwd(), options.journal);
  try {
    const run = findRun(journal, name);
    const facts = journal.readFacts(run.id);
    const key = step === undefined ? undefined : insistOnStep(facts, step);
    const folder = runFolder(relpipeFolder, run.id);
    for (const task of tasksOf(facts).filter((op) => key === undefined || op.step === key)) await show(task, folder.logFile(task));
    return exitCodes.succeeded;
  } finally {
    journal.close();
  }
}

const tasksOf = (facts: readonly Fact[]): TaskOp[] =>
  facts.flatMap((fact) => (fact.fact === 'begun' ? (fact.begin ?? []) : [])).filter((op) => op.op === 'task');

async function show({ step, verb, attempt }: TaskOp, file: string): Promise<void> {
  if (!existsSync(file)) return;
  process.stdout.write(`==> ${step} (${verb} ${String(attempt)})\n`);
  await pipeline(createReadStream(file), process.stdout, { end: false });
}
