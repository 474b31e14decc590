import type { RunContext } from '../../contract/index.ts';
import type { CommandShell } from './command-shell.ts';
import { parseValues } from './parse-values.ts';

export type CommandState = Readonly<Record<string, string>>;

/** Saves what the command writes to `$RELPIPE_STATE`: as soon as it is there, and at the end. */
export function keepState(shell: CommandShell, context: RunContext<CommandState>): { end(): Promise<void> } {
  let savedText: string | undefined;
  let saving = Promise.resolve();

  const save = async (text: string | undefined): Promise<void> => {
    if (text === undefined || text === '' || text === savedText) return;
    const state = parseValues(text, 'RELPIPE_STATE');
    await context.saveState(state);
    savedText = text;
  };
  const stopWatching = shell.watchState(() => {
    // Half-written and refused values are the business of the last look, which reports them.
    saving = saving.then(() => save(wholeLines(shell.readState()))).catch(() => undefined);
  });
  return {
    async end() {
      stopWatching();
      await saving;
      await save(shell.readState());
    },
  };
}

const wholeLines = (text: string | undefined): string | undefined => text?.slice(0, text.lastIndexOf('\n') + 1);
