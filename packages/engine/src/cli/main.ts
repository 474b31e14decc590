import { Command, CommanderError } from 'commander';
import { isRelpipeError, relpipeError } from '../errors/relpipe-error.ts';
import type { Exit } from './command-line/options.ts';
import { addPeopleCommands } from './command-line/people-commands.ts';
import { addPipelineCommands } from './command-line/pipeline-commands.ts';
import { addDrivingCommands, addShowingCommands } from './command-line/run-commands.ts';
import { exitCodes } from './exit-codes.ts';
import { explainError } from './output.ts';
import { notBuiltYet } from './not-built-yet.ts';

/** Runs a command line and gives its exit code. Each command is loaded only when it is asked for. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.succeeded;
  try {
    insistOnBuilt(argv[0]);
    await commands((exitCode) => (code = exitCode)).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return explain(error);
  }
}

function insistOnBuilt(command: string | undefined): void {
  if (command !== undefined && notBuiltYet.includes(command)) throw relpipeError('REL_COMMAND_NOT_IMPLEMENTED', { command });
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.succeeded : exitCodes.refused;
  if (isRelpipeError(error)) return explainError(error);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`relpipe itself broke; a run that was going on can be resumed.\n${stack}\n`);
  return exitCodes.broken;
}

function commands(exit: Exit): Command {
  const program = new Command('relpipe')
    .description('Runs a release from release.pipeline.yaml: watched, promoted, or taken back.')
    .exitOverride()
    .showHelpAfterError('(relpipe --help shows every command)')
    .version(RELPIPE_VERSION, '-V, --version');
  addPipelineCommands(program, exit);
  addDrivingCommands(program, exit);
  addShowingCommands(program, exit);
  addPeopleCommands(program, exit);
  return program;
}

/** Put in by the build, from package.json. */
declare const RELPIPE_VERSION: string;
