import { existsSync } from 'node:fs';
import type { ExecOptions, ExecResult, Secret } from '../../../contract/index.ts';
import { relpipeStepError } from '../../../errors/relpipe-error.ts';
import type { OpKey } from '../../core/op.ts';
import { endGroup } from './process-group.ts';
import type { TaskDeps } from './task-deps.ts';
import { graceOf } from './task-stopped.ts';
import { opVariables } from './task-variables.ts';

export type ExecDeps = Pick<TaskDeps, 'run' | 'workdir' | 'environment' | 'book'>;

/** `context.exec`: a command without a shell, in a process group of its own, to its end. Rejects when the signal aborts it. */
export async function execCommand(
  deps: ExecDeps,
  key: OpKey,
  signal: AbortSignal,
  argv: readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const { execa } = await import('execa');
  signal.throwIfAborted();
  const [file = '', ...args] = argv;
  const cwd = options.cwd ?? deps.workdir;
  const env = { ...deps.environment, ...reveal(options.env ?? {}), ...opVariables(deps.run, key) };
  const child = deps.book.start(key, () =>
    // A group of its own, so that what the command started ends with it; execa's own ending reaches the command alone.
    execa(file, args, { cwd, env, extendEnv: false, detached: true, cleanup: false, reject: false, maxBuffer, ...stdinOf(options) }),
  );
  const ended = endWhenAborted(child.pid, signal);
  const result = await child;
  await ended();
  if (child.pid === undefined) throw notStarted(file, cwd);
  deps.book.ended(child.pid);
  signal.throwIfAborted();
  return { code: result.exitCode ?? exitCodeOfSignal, stdout: result.stdout, stderr: result.stderr };
}

const maxBuffer = 100 * 1024 * 1024;
/** As shells say it of a killed command: above 128. */
const exitCodeOfSignal = 129;

/** Gives back what waits until a group that is being ended has ended. */
export function endWhenAborted(leader: number | undefined, signal: AbortSignal): () => Promise<void> {
  let ending: Promise<void> | undefined;
  const end = (): void => {
    if (leader !== undefined) ending = endGroup(leader, graceOf(signal.reason));
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return async () => {
    signal.removeEventListener('abort', end);
    await ending;
  };
}

export const notStarted = (command: string, cwd: string): Error =>
  existsSync(cwd) ? relpipeStepError('REL_COMMAND_NOT_FOUND', { command }) : relpipeStepError('REL_WORKDIR_MISSING', { folder: cwd });

const stdinOf = ({ stdin }: ExecOptions): { readonly input: string } | { readonly stdin: 'ignore' } =>
  stdin === undefined ? { stdin: 'ignore' } : { input: textOf(stdin) };

const reveal = (env: NonNullable<ExecOptions['env']>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === undefined ? undefined : textOf(value)]));

const textOf = (value: string | Secret): string => (typeof value === 'string' ? value : value.reveal());
