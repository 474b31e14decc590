import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { relpipeStepError } from '../../../errors/relpipe-error.ts';
import type { OpKey } from '../../core/operation.ts';
import { graceOf } from '../tasks/task-end.ts';
import { drainMs } from '../timeouts.ts';
import { groupsOf } from './list-processes.ts';
import { endGroup } from './process-group.ts';
import type { ProcessRegistry } from './process-registry.ts';

/** What the commands of a run share. */
export interface CommandDeps {
  readonly processes: ProcessRegistry;
  /** What every command starts from. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface CommandToRun {
  /** The op on whose behalf it is registered. */
  readonly key: OpKey;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Added to the shared environment; `undefined` removes a variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: nothing to read. */
  readonly stdin?: string;
}

/** `code`, or the signal that killed it. */
export interface EndedCommand {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

type OutputName = 'stdout' | 'stderr';

/** Takes output as it comes; while it does, no more is read. */
export type OnOutput = (name: OutputName, chunk: Buffer) => void;

/**
 * Runs a command in a process group of its own to its end: the only way in which this process starts commands. A bare spawn, because
 * it costs half of what a library's does, and a run may have any number of commands.
 * Rejects with `REL_COMMAND_NOT_FOUND`, `REL_WORKDIR_MISSING` or `REL_COMMAND_CONTAINS_NUL` when it cannot be started; when the signal
 * aborts it, with the signal's reason, once nothing of its group runs any more.
 */
export async function runCommand(deps: CommandDeps, command: CommandToRun, signal: AbortSignal, onOutput: OnOutput): Promise<EndedCommand> {
  signal.throwIfAborted();
  const { leader, ended } = await startCommand(deps, command, onOutput);
  const groupEnded = endWhenAborted(() => groupsToEnd(deps, command, leader), signal);
  const end = await ended;
  await groupEnded();
  deps.processes.reap(leader);
  signal.throwIfAborted();
  return end;
}

interface StartedCommand {
  /** The number of its process, which is its group's. */
  readonly leader: number;
  /** Resolves when it has exited and all of its output has been handed over. */
  readonly ended: Promise<EndedCommand>;
}

/** For tests; everybody else calls `runCommand`. */
export async function startCommand(deps: CommandDeps, command: CommandToRun, onOutput: OnOutput): Promise<StartedCommand> {
  refuseNul(command);
  const { key, argv, cwd, env, stdin } = command;
  const [file = '', ...args] = argv;
  try {
    const child = deps.processes.register(key, () =>
      spawn(file, args, { cwd, env: { ...deps.environment, ...env }, detached: true, stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] }),
    );
    if (child.pid === undefined) throw await errorOf(child);
    if (stdin !== undefined) writeInput(child, stdin);
    return { leader: child.pid, ended: follow(child, onOutput) };
  } catch (error) {
    throw isAbsence(error) ? notStarted(file, cwd) : error;
  }
}

/** Whatever starts programs would cut a text there. */
function refuseNul({ argv, cwd, env }: CommandToRun): void {
  const where = { command: argv, folder: [cwd], environment: Object.entries(env).flat() };
  for (const [what, texts] of Object.entries(where)) if (texts.some((text) => text?.includes('\0'))) throw relpipeStepError('REL_COMMAND_CONTAINS_NUL', { what });
}

/** Some errors of `spawn` are thrown, others come as an event. */
async function errorOf(child: ChildProcess): Promise<Error> {
  const [error] = (await once(child, 'error')) as [Error];
  return error;
}

/** There is no such program or folder, or none that may be used. */
const isAbsence = (error: unknown): boolean => ['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');

const notStarted = (command: string, cwd: string): Error =>
  existsSync(cwd) ? relpipeStepError('REL_COMMAND_NOT_FOUND', { command }) : relpipeStepError('REL_WORKDIR_MISSING', { folder: cwd });

/** A command that does not read its input, or not all of it, is none of our business. */
function writeInput(child: ChildProcess, text: string): void {
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(text);
}

/** Resolves when the command has exited and its outputs are closed, or have been held open for too long. */
function follow(child: ChildProcess, onOutput: OnOutput): Promise<EndedCommand> {
  const { promise, resolve } = Promise.withResolvers<EndedCommand>();
  const outputs = { stdout: child.stdout, stderr: child.stderr };
  /** Let go at the end: Node keeps a child, and with it what it refers to, for a while. */
  let reader: OnOutput | undefined = onOutput;
  for (const name of ['stdout', 'stderr'] as const) {
    // Read to the end in any case: a process that writes to an output without a reader is killed.
    outputs[name]?.on('data', (chunk: Buffer) => reader?.(name, chunk));
  }
  const finish = (end: EndedCommand): void => {
    reader = undefined;
    resolve(end);
  };
  let drain: NodeJS.Timeout | undefined;
  child.once('exit', (code, signal) => {
    drain = setTimeout(() => {
      // The outputs are read once more: this process may have been away for all that time.
      setImmediate(() => {
        if (reader === undefined) return;
        for (const output of Object.values(outputs)) holdNobody(output);
        finish({ code, signal });
      });
    }, drainMs).unref();
  });
  child.once('close', (code, signal) => {
    clearTimeout(drain);
    finish({ code, signal });
  });
  return promise;
}

/** Something in the background still writes to it, and this process may end all the same. */
function holdNobody(output: Readable | null): void {
  if (output instanceof Socket) output.unref();
}

/**
 * The group of a command, and those of its daemons, which have left it. What else runs for the same op, another metric of a gate for example,
 * continues.
 */
function groupsToEnd({ processes }: CommandDeps, { key, env }: CommandToRun, leader: number): readonly number[] {
  const run = env['RELPIPE_RUN_ID'];
  const others = new Set(processes.running());
  const daemons = run === undefined ? [] : [...groupsOf(run, new Set([key]))].filter((group) => !others.has(group));
  return [leader, ...daemons];
}

/** Ends the groups when the signal aborts. Returns a function that waits for the end of what is being ended. */
function endWhenAborted(groups: () => readonly number[], signal: AbortSignal): () => Promise<void> {
  let ending: Promise<unknown> | undefined;
  const end = (): void => {
    ending = Promise.all(groups().map((leader) => endGroup(leader, graceOf(signal))));
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return async () => {
    signal.removeEventListener('abort', end);
    await ending;
  };
}
