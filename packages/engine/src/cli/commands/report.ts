import { join } from 'node:path';
import { runFolder } from '../../run/local/run-folder.ts';
import { exitCodes } from '../exit-codes.ts';
import { print } from '../output.ts';
import { findRun } from '../record/find.ts';
import { withStore } from '../record/open-store.ts';
import { writeHtmlReport } from '../record/write-html-report.ts';
import { journalOption, shownRun, type AddCommand } from './options.ts';

interface ReportOptions {
  readonly journal?: string;
  readonly output?: string;
}

/** `relpipe report [RUN]` */
export const addReport: AddCommand = (program, exit) => {
  program
    .command('report')
    .description('write the HTML report of a run and print its path')
    .argument(...shownRun)
    .addOption(journalOption())
    .option('-o, --output <file>', 'file to write (default: report.html in the folder of the run)')
    .action(async (run: string | undefined, options: ReportOptions) => exit(await report(run, options)));
};

const report = (name: string | undefined, options: ReportOptions): Promise<number> =>
  withStore({ file: options.journal, access: 'read' }, async (opened) => {
    const run = (await findRun(opened.store, name)).id;
    const file = options.output ?? join(runFolder(opened.relpipeFolder, run).path, 'report.html');
    await print(`${await writeHtmlReport(opened, run, file)}\n`);
    return exitCodes.succeeded;
  });
