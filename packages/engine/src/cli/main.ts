import { Command, CommanderError, Option } from 'commander';
import { isRelpipeError, relpipeError } from '../errors/relpipe-error.ts';
import type { ResumeOptions } from './commands/resume.ts';
import type { RunOptions } from './commands/run.ts';
import type { SettleOptions } from './commands/settle.ts';
import { exitCodes } from './exit-codes.ts';
import { explainError } from './explain-error.ts';
import { notBuiltYet } from './not-built-yet.ts';

const defaultFile = 'release.pipeline.yaml';

/** Runs a command line and gives its exit code. Each command is loaded only when it is asked for. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.succeeded;
  const program = commands((exitCode) => (code = exitCode));
  try {
    insistOnBuilt(argv[0]);
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error);
  }
}

function insistOnBuilt(command: string | undefined): void {
  if (command !== undefined && notBuiltYet.includes(command)) throw relpipeError('REL_COMMAND_NOT_BUILT_YET', { command });
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.succeeded : exitCodes.refused;
  if (isRelpipeError(error)) return explainError(error);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`relpipe itself broke; a run that was going on can be resumed.\n${stack}\n`);
  return exitCodes.broken;
}

type Exit = (code: number) => void;

function commands(exit: Exit): Command {
  const program = new Command('relpipe')
    .description('Runs a release from release.pipeline.yaml: watched, promoted, or taken back.')
    .exitOverride()
    .showHelpAfterError('(relpipe --help shows every command)')
    .version(version, '-V, --version');
  addPipelineCommands(program, exit);
  addRunCommands(program, exit);
  addPeopleCommands(program, exit);
  return program;
}

const collect = (text: string, all: readonly string[]): readonly string[] => [...all, text];
const inputOption = () => new Option('-i, --input <name=value>', 'an input; may be repeated').argParser(collect).default([], 'none');
const journalOption = () => new Option('--journal <file>', 'where runs are kept (default: .relpipe/journal.db at the root of the repository)');

function addPipelineCommands(program: Command, exit: Exit): void {
  program
    .command('validate')
    .description('check a pipeline file and say everything that is wrong with it')
    .argument('[file]', 'the pipeline', defaultFile)
    .action(async (file: string) => exit(await (await import('./commands/validate.ts')).validate(file)));
  program
    .command('plan')
    .description('show what a run would do, how each step is undone, and what could not be checked; changes nothing')
    .argument('[file]', 'the pipeline', defaultFile)
    .addOption(inputOption())
    .option('--json', 'the plan as JSON')
    .action(async (file: string, options: { input: string[]; json?: boolean }) => exit(await (await import('./commands/plan.ts')).plan(file, options)));
}

function addRunCommands(program: Command, exit: Exit): void {
  driving(program.command('run').description('run a pipeline').argument('[file]', 'the pipeline', defaultFile).addOption(inputOption()))
    .option('-p, --parallel <n>', 'how many tasks run at once (default: twice the cores, at least 4)')
    .action(async (file: string, options: RunOptions) => exit(await (await import('./commands/run.ts')).run(file, options)));
  driving(program.command('resume').description('go on with a run that was parked, interrupted or killed').argument('[run]'))
    .option('--due', 'every run whose time has come')
    .action(async (run: string | undefined, options: ResumeOptions) => exit(await (await import('./commands/resume.ts')).resume(run, options)));
  program
    .command('status')
    .description('where a run stands, and what it waits for')
    .argument('[run]')
    .addOption(journalOption())
    .option('--json', 'its events, one JSON object a line')
    .action(async (run: string | undefined, options: { journal?: string; json?: boolean }) => exit(await (await import('./commands/status.ts')).status(run, options)));
  program
    .command('runs')
    .description('every run, newest first')
    .addOption(journalOption())
    .option('--json', 'one JSON object a line')
    .action(async (options: { journal?: string; json?: boolean }) => exit(await (await import('./commands/runs.ts')).runs(options)));
  program
    .command('logs')
    .description('what the steps of a run printed')
    .argument('[run]')
    .argument('[step]')
    .addOption(journalOption())
    .action(async (run: string | undefined, step: string | undefined, options: { journal?: string }) => exit(await (await import('./commands/logs.ts')).logs(run, step, options)));
  program
    .command('report')
    .description('write the HTML report of a run')
    .argument('[run]')
    .addOption(journalOption())
    .option('-o, --output <file>', 'where to write it (default: report.html in the folder of the run)')
    .action(async (run: string | undefined, options: { journal?: string; output?: string }) => exit(await (await import('./commands/report.ts')).report(run, options)));
}

/** Options of the commands that drive a run. */
function driving(command: Command): Command {
  return command
    .addOption(journalOption())
    .option('--park-after <duration>', 'exit with 75 when nothing works and the next wake-up is further away (default: never on a terminal, 60s elsewhere; "never" says so)')
    .option('--parked-exit-code <code>', 'instead of 75')
    .option('--json', 'events on standard output, one JSON object a line')
    .option('--report <file>', 'write the HTML report here at the end');
}

function addPeopleCommands(program: Command, exit: Exit): void {
  const letter = (name: string, description: string) => program.command(name).description(description).argument('[run]').addOption(journalOption()).option('--as <name>', 'who you are, where the system does not know');
  for (const name of ['approve', 'reject'] as const) {
    letter(name, `${name} what a run asks for`)
      .argument('[step]')
      .option('-m, --comment <text>', 'kept in the record')
      .action(async (run: string | undefined, step: string | undefined, options: object) => exit(await (await import('./commands/vote.ts')).vote(name, run, step, options)));
  }
  letter('settle', 'say whether an interrupted step did its work')
    .argument('[step]')
    .option('--happened', 'it did')
    .option('--did-not-happen', 'it did not: it runs again')
    .addOption(new Option('--output <name=value>', 'what it would have given; may be repeated').argParser(collect).default([], 'none'))
    .option('-m, --comment <text>', 'kept in the record')
    .action(async (run: string | undefined, step: string | undefined, options: SettleOptions) => exit(await (await import('./commands/settle.ts')).settle(run, step, options)));
  letter('continue', 'go on with a frozen run')
    .requiredOption('--reason <text>', 'kept in the record')
    .action(async (run: string | undefined, options: { reason: string }) => exit(await (await import('./commands/tell.ts')).tell('continue', run, options)));
  letter('abort', 'stop a run and take back what it did')
    .requiredOption('--reason <text>', 'kept in the record')
    .option('--now', 'at once, not in stages')
    .action(async (run: string | undefined, options: { reason: string; now?: boolean }) => exit(await (await import('./commands/tell.ts')).tell('abort', run, options)));
}

declare const __RELPIPE_VERSION__: string;
const version = typeof __RELPIPE_VERSION__ === 'string' ? __RELPIPE_VERSION__ : '0.0.0';
