import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { commandFailed } from './command.ts';
import { dockerCommand, type Cli } from './docker.ts';

/** Runs a docker command whose output is too large for a string, into a stream. @throws {StepError} when it fails */
export async function readFromDocker(args: readonly string[], cli: Cli, sink: Writable): Promise<void> {
  const { child } = await start(args, cli);
  child.stdin.end();
  await finish(args, child, cli, pipeline(child.stdout, sink));
}

/** Runs a docker command that reads a stream. @throws {StepError} when it fails */
export async function writeToDocker(args: readonly string[], cli: Cli, source: Readable): Promise<void> {
  const { child } = await start(args, cli);
  child.stdout.resume();
  await finish(args, child, cli, pipeline(source, child.stdin));
}

type Child = Awaited<ReturnType<typeof start>>['child'];

async function start(args: readonly string[], cli: Cli) {
  const { execa } = await import('execa');
  const [file = '', ...rest] = dockerCommand(args, cli);
  const { signal, workdir } = cli.context;
  signal.throwIfAborted();
  // Not the child itself: it is a promise, and returning it would await it.
  const child = execa(file, rest, { cwd: workdir, stdin: 'pipe', buffer: { stdout: false }, reject: false, cancelSignal: signal });
  return { child };
}

/** The command's own error tells more than the broken pipe that follows from it. */
async function finish(args: readonly string[], child: Child, cli: Cli, piped: Promise<void>): Promise<void> {
  const [flow, result] = await Promise.allSettled([piped, child]);
  cli.context.signal.throwIfAborted();
  if (result.status === 'rejected') throw result.reason;
  const { exitCode, stderr } = result.value;
  if (exitCode !== 0) throw commandFailed(['docker', ...args], { code: exitCode ?? 129, stdout: '', stderr });
  if (flow.status === 'rejected') throw flow.reason;
}
