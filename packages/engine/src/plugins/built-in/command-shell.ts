import type { RunContext } from '../../contract/index.ts';

/** One command of a `run:` step. */
export interface Command {
  readonly argv: readonly string[];
  /** Beside what the engine itself gives. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** How it ended: `code`, or the signal that killed it. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its output, masked, without empty lines. */
  readonly lastLines: readonly string[];
}

/** What the engine's own step types have beside the contract: a command whose output is the step's log, line by line. */
export interface CommandShell {
  /** Runs a command in a process group of its own, to its end. Rejects when the step is asked to stop, once nothing of it runs any more. */
  command(command: Command): Promise<CommandEnd>;
  /** What the command wrote to `$RELPIPE_OUTPUT`, if anything. */
  readOutput(): string | undefined;
  /** What it wrote to `$RELPIPE_STATE`, if anything. */
  readState(): string | undefined;
  /** Calls whenever the command has written to `$RELPIPE_STATE`; only for steps that have something to undo. Gives back what stops it. */
  watchState(changed: () => void): () => void;
}

const shell: unique symbol = Symbol('command shell');

export const withCommandShell = <C extends object>(context: C, commands: CommandShell): C => Object.assign(context, { [shell]: commands });

/** Only the engine runs its own step types, so it is always there. */
export function commandShellOf(context: object | RunContext<unknown>): CommandShell {
  const found = (context as { readonly [shell]?: CommandShell })[shell];
  if (found === undefined) throw new TypeError('relpipe.run was started without a command shell');
  return found;
}
