import { join } from 'node:path';
import { runFolder } from '../../run/local/tasks/run-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { findRun } from '../find-run.ts';
import { journalAt } from '../journal-at.ts';
import { writeHtmlReport } from '../write-html-report.ts';

/** `relpipe report RUN` */
export async function report(name: string | undefined, options: { readonly journal?: string; readonly output?: string }): Promise<number> {
  const { journal, relpipeFolder } = journalAt(process.cwd(), options.journal);
  try {
    const run = findRun(journal, name);
    const file = options.output ?? join(runFolder(relpipeFolder, run.id).path, 'report.html');
    process.stdout.write(`${await writeHtmlReport(journal, run.id, file)}\n`);
    return exitCodes.succeeded;
  } finally {
    journal.close();
  }
}
