import { Option, type Command } from 'commander';
import { relpipeError } from '../../errors/relpipe-error.ts';

/** Takes the exit code of a command that has run. */
export type Exit = (code: number) => void;

/** Adds one command with its flags to the program. */
export type AddCommand = (program: Command, exit: Exit) => void;

/** `[file]` of commands about a pipeline. */
export const fileArgument = ['[file]', 'pipeline file', 'release.pipeline.yaml'] as const;

/** `[run]` and `[step]` of commands that show something and of those that change something. */
export const shownRun = ['[run]', 'id of the run or the end of it (default: the newest run)'] as const;
export const changedRun = ['[run]', 'id of the run or the end of it (default: the only open run)'] as const;
export const namedStep = ['[step]', 'key of the step or the end of it'] as const;

const collect = (text: string, all: readonly string[]): readonly string[] => [...all, text];

/** An option that may be given several times, as `name=value`. */
export const repeatedOption = (flags: string, description: string): Option =>
  new Option(flags, `${description}; may be repeated`).argParser(collect).default([], 'none');

export const inputOption = (): Option => repeatedOption('-i, --input <name=value>', 'value of an input');

export const environmentOption = (): Option => new Option('-e, --environment <name>', 'which presets of the inputs to use; required where the file has `environments`');

export const journalOption = (): Option =>
  new Option('--journal <file>', 'file with the record of all runs (default: .relpipe/journal.db at the root of the repository)').argParser(
    (place: string) => {
      if (otherStores.test(place)) throw relpipeError('REL_COMMAND_NOT_IMPLEMENTED', { command: `--journal ${place}` });
      return place;
    },
  );

/** Where records will be kept besides files. A file may have such a name, as `./git:origin`. */
const otherStores = /^(?:git|s3|postgres|postgresql|https?):/;

/** Of commands by which a person changes a run from outside: the record says who it was, and how they were known. */
export const addPersonOptions = (command: Command): Command =>
  command.addOption(journalOption()).option('--as <name>', 'your name, where the system does not know it; recorded as a claim');

/** An option of the language that is not built yet: refused by name. */
export const notBuiltYetOption = (flags: string, name: string): Option =>
  new Option(flags).hideHelp().argParser(() => {
    throw relpipeError('REL_COMMAND_NOT_IMPLEMENTED', { command: name });
  });

/** `name=value`, as given on the command line. Throws `REL_USAGE` with the name of the command. */
export function readAssignments(given: readonly string[], command: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const text of given) {
    const equals = text.indexOf('=');
    if (equals < 1) throw relpipeError('REL_USAGE', { because: `"${text}" must have the form name=value.`, command });
    const name = text.slice(0, equals);
    if (Object.hasOwn(values, name)) throw relpipeError('REL_USAGE', { because: `"${name}" is given more than once.`, command });
    values[name] = text.slice(equals + 1);
  }
  return values;
}
