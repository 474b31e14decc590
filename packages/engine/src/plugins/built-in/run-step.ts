import { resolve } from 'node:path';
import { Type, type Static } from 'typebox';
import { defineStep, type Json, type Probe, type RunContext } from '../../contract/index.ts';
import { commandShellOf, type Command, type CommandEnd } from './command-shell.ts';
import { shellArguments } from './find-shell.ts';
import { keepState, type CommandState } from './keep-state.ts';
import { readOutput } from './read-output.ts';
import { refusedStep } from './refused-step.ts';
import { runStepSchema } from './run-step-schema.ts';

type RunConfig = Static<typeof runStepSchema>;
type Output = Record<string, unknown>;

/** The step type behind `run:`. Its probe answers by exit code: 0 is done, 1 is not done, anything else is unknown. */
export const runStep = defineStep({
  summary: 'Runs a command; what it prints is its log.',
  with: runStepSchema,
  outputs: Type.Record(Type.String(), Type.Unknown()),
  state: Type.Record(Type.String(), Type.String()),
  rollback: 'nothing',
  onLost: 'probe',
  run,
  probe,
});

async function run(config: RunConfig, context: RunContext<CommandState>): Promise<Output> {
  const shell = commandShellOf(context);
  const state = keepState(shell, context);
  let end: CommandEnd;
  try {
    end = await shell.command(commandOf(config.command, config, context.workdir));
  } finally {
    await state.end();
  }
  if (end.code !== 0) throw commandFailed(end);
  return readOutput(config.outputs ?? {}, shell.readOutput() ?? '');
}

async function probe(config: RunConfig, context: { readonly workdir: string }): Promise<Probe<Output>> {
  if (config.probe === undefined) return { found: 'unknown', detail: 'the step has no probe' };
  const shell = commandShellOf(context);
  const end = await shell.command(commandOf(config.probe, config, context.workdir));
  if (end.code === 0) return { found: 'done', output: await readOutput(config.outputs ?? {}, shell.readOutput() ?? '') };
  if (end.code === 1) return { found: 'not-done' };
  return { found: 'unknown', detail: [`the probe ended with ${endInWords(end)}`, ...end.lastLines].join('\n') };
}

const commandOf = (command: RunConfig['command'], config: RunConfig, workdir: string): Command => ({
  argv: typeof command === 'string' ? shellArguments(command) : command,
  env: { ...textsOf(config.variables ?? {}), ...revealed(config.env ?? {}) },
  cwd: config.workdir === undefined ? workdir : resolve(workdir, config.workdir),
});

const textsOf = (variables: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value as Json)]));

const revealed = (env: NonNullable<RunConfig['env']>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, typeof value === 'string' ? value : value.reveal()]));

/** Retryable, because nobody knows better: a `run:` step is tried again only when it says `retry`. */
const commandFailed = (end: CommandEnd) => refusedStep('REL_COMMAND_FAILED', { ended: endInWords(end), lastLines: end.lastLines }, true);

// POSIX shells end with 126 when a command cannot be executed, and with 127 when there is none.
const knownCodes: Readonly<Record<number, string>> = { 126: ' (a command in it may not be executed)', 127: ' (a command in it was not found)' };

const endInWords = ({ code, signal }: CommandEnd): string =>
  code === null ? `signal ${signal ?? 'unknown'}` : `exit code ${code}${knownCodes[code] ?? ''}`;
