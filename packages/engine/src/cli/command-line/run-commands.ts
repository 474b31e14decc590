import type { Command } from 'commander';
import type { ReportOptions } from '../commands/report.ts';
import type { ResumeOptions } from '../commands/resume.ts';
import type { RunOptions } from '../commands/run.ts';
import type { ShowOptions } from '../lookup/open-journal.ts';
import { staySmall, staySmallFor } from '../stay-small.ts';
import { defaultFile, driving, inputOption, journalOption, notBuiltYetOption, runChanged, runShown, stepMeant, type Exit } from './options.ts';

/** Commands that drive a run. */
export function addDrivingCommands(program: Command, exit: Exit): void {
  driving(program.command('run').description('run a pipeline').argument('[file]', 'the pipeline', defaultFile))
    .addOption(inputOption())
    .option('-p, --parallel <n>', 'how many tasks run at once (default: twice the cores, at least 4)')
    .action(async (file: string, options: RunOptions) => {
      staySmallFor(file);
      const { run } = await import('../commands/run.ts');
      exit(await run(file, options));
    });
  driving(program.command('resume').description('go on with a run that was parked, interrupted or killed').argument(...runChanged))
    .option('--due', 'every run whose time has come')
    .option('--checkout', 'in a work tree of its own at the commit the run was planned at')
    .addOption(notBuiltYetOption('--replan', 'resume --replan'))
    .action(async (run: string | undefined, options: ResumeOptions) => {
      staySmall();
      const { resume } = await import('../commands/resume.ts');
      exit(await resume(run, options));
    });
}

/** Commands that only look at runs. */
export function addShowingCommands(program: Command, exit: Exit): void {
  const showing = (name: string, description: string): Command =>
    program.command(name).description(description).addOption(journalOption());

  showing('status', 'where a run stands, and what it waits for')
    .argument(...runShown)
    .option('--json', 'its events, one JSON object a line')
    .action(async (run: string | undefined, options: ShowOptions) => {
      const { status } = await import('../commands/status.ts');
      exit(await status(run, options));
    });
  showing('runs', 'every run, newest first')
    .option('--json', 'one JSON object a line')
    .action(async (options: ShowOptions) => {
      const { runs } = await import('../commands/runs.ts');
      exit(await runs(options));
    });
  showing('logs', 'what the steps of a run printed')
    .argument(...runShown)
    .argument(...stepMeant)
    .action(async (run: string | undefined, step: string | undefined, options: ShowOptions) => {
      const { logs } = await import('../commands/logs.ts');
      exit(await logs(run, step, options));
    });
  showing('report', 'write the HTML report of a run')
    .argument(...runShown)
    .option('-o, --output <file>', 'where to write it (default: report.html in the folder of the run)')
    .action(async (run: string | undefined, options: ReportOptions) => {
      const { report } = await import('../commands/report.ts');
      exit(await report(run, options));
    });
}
