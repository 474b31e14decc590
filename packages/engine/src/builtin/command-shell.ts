import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { RunContext } from '../contract/index.ts';

/** One command of a `run:` step. */
export interface ShellCommand {
  readonly argv: readonly string[];
  /** In addition to the variables that the engine itself sets. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** How a command ended: its exit code, or the signal that killed it. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its output, masked, without empty lines. */
  readonly lastLines: readonly string[];
  /** Whose log has all of its output. */
  readonly run: string;
  readonly step: string;
}

/** What the engine's own step types have in addition to the contract: a command whose output is the step's log, line by line. */
export interface CommandShell {
  /** Runs a command in a process group of its own, to its end. Rejects when the step is asked to stop, once nothing of it runs any more. */
  command(command: ShellCommand): Promise<CommandEnd>;
  /** What the command wrote to `$RELPIPE_OUTPUT`, if anything. */
  readOutput(): string | undefined;
  /** What it wrote to `$RELPIPE_STATE`, if anything. */
  readState(): string | undefined;
  /** Calls whenever the command has written to `$RELPIPE_STATE`; only for steps that have a rollback. Returns a function that ends the watch. */
  watchState(changed: () => void): () => void;
}

const shell: unique symbol = Symbol('command shell');

export const withCommandShell = <C extends object>(context: C, commands: CommandShell): C => Object.assign(context, { [shell]: commands });

/** The shell that the engine has put into the context: only the engine runs its own step types, so it is always there. */
export function commandShellOf(context: object | RunContext<unknown>): CommandShell {
  const found = (context as { readonly [shell]?: CommandShell })[shell];
  if (found === undefined) throw new TypeError('relpipe.run was started without a command shell');
  return found;
}

/** A command as a list of arguments. A string is run by bash where it is installed, else by the POSIX shell, which has no `pipefail`. */
export function argumentsOf(command: string | readonly string[]): readonly string[] {
  if (typeof command !== 'string') return command;
  shellCommand ??= hasBash() ? ['bash', '-eo', 'pipefail', '-c'] : ['sh', '-e', '-c'];
  return [...shellCommand, command];
}

let shellCommand: readonly string[] | undefined;

const hasBash = (): boolean => (process.env['PATH'] ?? '').split(delimiter).some((folder) => isExecutable(join(folder, 'bash')));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The values of the expressions in a command, as variables of its environment. */
export const variablesOf = (variables: Readonly<Record<string, unknown>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
