import { resolve } from 'node:path';
import type { Probe, RunContext } from '../contract/index.ts';
import { relpipeStepError } from '../errors/relpipe-error.ts';
import { argumentsOf, type CommandEnd, type CommandShell, commandShellOf, type ShellCommand, variablesOf } from './command-shell.ts';
import { parseValues, readOutput } from './command-values.ts';
import type { RunConfig } from './run.ts';

type Output = Record<string, unknown>;
type State = Readonly<Record<string, string>>;

export async function run(config: RunConfig, context: RunContext<State>): Promise<Output> {
  const shell = commandShellOf(context);
  const state = keepState(shell, context);
  let end: CommandEnd;
  try {
    end = await shell.command(commandFrom(config.command, config, context.workdir));
  } finally {
    await state.end();
  }
  if (end.code !== 0) throw commandFailed(end);
  return readOutput(config.outputs ?? {}, shell.readOutput() ?? '');
}

export async function probe(config: RunConfig, context: { readonly workdir: string }): Promise<Probe<Output>> {
  if (config.probe === undefined) return { found: 'unknown', detail: 'the step has no probe' };
  const shell = commandShellOf(context);
  const end = await shell.command(commandFrom(config.probe, config, context.workdir));
  if (end.code === 0) return { found: 'done', output: await readOutput(config.outputs ?? {}, shell.readOutput() ?? '') };
  if (end.code === 1) return { found: 'not-done' };
  return { found: 'unknown', detail: [`the probe ended with ${endInWords(end)}`, ...end.lastLines].join('\n') };
}

const commandFrom = (command: RunConfig['command'], config: RunConfig, workdir: string): ShellCommand => ({
  argv: argumentsOf(command),
  env: { ...variablesOf(config.variables), ...revealed(config.env ?? {}) },
  cwd: config.workdir === undefined ? workdir : resolve(workdir, config.workdir),
});

const revealed = (env: NonNullable<RunConfig['env']>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, typeof value === 'string' ? value : value.reveal()]));

/** Saves what the command writes to `$RELPIPE_STATE`: as soon as it is there, and at the end. */
function keepState(shell: CommandShell, context: RunContext<State>): { end(): Promise<void> } {
  let savedText: string | undefined;
  let saving = Promise.resolve();

  const save = async (text: string | undefined): Promise<void> => {
    if (text === undefined || text === '' || text === savedText) return;
    await context.saveState(parseValues(text, 'RELPIPE_STATE'));
    savedText = text;
  };
  const stopWatching = shell.watchState(() => {
    // Half-written and refused values are the business of the last call, which reports them.
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

/** Retryable, because nobody knows better: a `run:` step is tried again only when it says `retry`. */
const commandFailed = (end: CommandEnd) => relpipeStepError('REL_COMMAND_FAILED', { ended: endInWords(end), lastLines: end.lastLines, run: end.run, step: end.step }, true);

// POSIX shells end with 126 when a command cannot be executed, and with 127 when it does not exist.
const knownCodes: Readonly<Record<number, string>> = { 126: ' (a command in it may not be executed)', 127: ' (a command in it was not found)' };

const endInWords = ({ code, signal }: CommandEnd): string =>
  code === null ? `signal ${signal ?? 'unknown'}` : `exit code ${code}${knownCodes[code] ?? ''}`;
