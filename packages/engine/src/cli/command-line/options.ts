import { Option, type Command } from 'commander';
import { relpipeError } from '../../errors/relpipe-error.ts';

/** Takes the exit code of a command that has run. */
export type Exit = (code: number) => void;

export const defaultFile = 'release.pipeline.yaml';

const collect = (text: string, all: readonly string[]): readonly string[] => [...all, text];

/** What `[run]` and `[step]` take, of commands that show something and of those that change something. */
export const runShown = ['[run]', 'its id or the end of it (default: the newest)'] as const;
export const runChanged = ['[run]', 'its id or the end of it (default: the only one that is not over)'] as const;
export const stepMeant = ['[step]', 'its key or the end of it'] as const;

/** An option that may be given several times, as `name=value`. */
export const repeatedOption = (flags: string, description: string): Option =>
  new Option(flags, `${description}; may be repeated`).argParser(collect).default([], 'none');

export const inputOption = (): Option => repeatedOption('-i, --input <name=value>', 'an input');

export const journalOption = (): Option =>
  new Option('--journal <file>', 'where runs are kept (default: .relpipe/journal.db at the root of the repository)');

/** An option of the language that is not built yet: refused by name. */
export const notBuiltYetOption = (flags: string, name: string): Option =>
  new Option(flags).hideHelp().argParser(() => {
    throw relpipeError('REL_COMMAND_NOT_IMPLEMENTED', { command: name });
  });

/** Options of the commands that drive a run. */
export const driving = (command: Command): Command =>
  command
    .addOption(journalOption())
    .option(
      '--park-after <duration>',
      'exit with 75 when nothing works and the next wake-up is further away ("never" is the default on a terminal, 60s elsewhere)',
    )
    .option('--parked-exit-code <code>', 'instead of 75')
    .option('--json', 'events on standard output, one JSON object a line')
    .option('--report <file>', 'write the HTML report here at the end');
