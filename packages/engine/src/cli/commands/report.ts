import { join } from 'node:path';
import { runFolder } from '../../run/local/tasks/run-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { findRun } from '../lookup/find.ts';
import { journalAt } from '../lookup/open-journal.ts';
import { say } from '../output.ts';
import { writeHtmlReport } from '../lookup/html-report.ts';

export interface ReportOptions {
  readonly journal?: string;
  readonly output?: string;
}

/** `relpipe report RUN` */
export async function report(name: string | undefined, options: ReportOptions): Promise<number> {
  const opened = journalAt(process.cwd(), options.journal);
  const { journal, relpipeFolder } = opened;
  try {
    const run = findRun(journal, name);
    const file = options.output ?? join(runFolder(relpipeFolder, run.id).path, 'report.html');
    await say(`${await writeHtmlReport(opened, run.id, file)}\n`);
    return exitCodes.succeeded;
  } finally {
    journal.close();
  }
}
