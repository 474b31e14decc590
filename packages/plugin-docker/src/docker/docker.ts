import { Type, type ExecOptions, type ExecResult, type ReadContext, type Static, type TSchema } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { commandFailed, logLines } from './command.ts';

/** The engine that the docker CLI talks to, and its environment. The CLI itself reads DOCKER_HOST, DOCKER_CONTEXT and DOCKER_CONFIG. */
export interface Cli {
  readonly context: ReadContext;
  /** A context of the docker CLI; undefined: its current one. */
  readonly engine: string | undefined;
  readonly env?: ExecOptions['env'];
}

/** The standard output of a docker command. The whole output of one that fails is in the log. @throws {StepError} see `commandFailed` */
export async function docker(args: readonly string[], cli: Cli, options: ExecOptions = {}): Promise<string> {
  const result = await tryDocker(args, cli, options);
  if (result.code === 0) return result.stdout;
  logLines(`${result.stdout}\n${result.stderr}`, cli.context);
  throw commandFailed(['docker', ...args], result);
}

/** Runs a docker command and leaves its exit code to the caller. */
export const tryDocker = (args: readonly string[], cli: Cli, options: ExecOptions = {}): Promise<ExecResult> =>
  cli.context.exec(dockerCommand(args, cli), { ...options, env: { ...cli.env, ...options.env } });

export const dockerCommand = (args: readonly string[], { engine }: Pick<Cli, 'engine'>): readonly string[] => [
  'docker',
  ...(engine === undefined ? [] : ['--context', engine]),
  ...args,
];

/** The output of `docker KIND inspect` for those of the names that exist. @throws {StepError} see `commandFailed` */
export async function inspect<S extends TSchema>(
  kind: 'container' | 'image' | 'volume',
  names: readonly string[],
  schema: S,
  cli: Cli,
): Promise<readonly Static<S>[]> {
  const args = [kind, 'inspect', ...names];
  const result = await tryDocker(args, cli);
  // A missing one makes the command fail; the others are printed all the same.
  const isMissing = result.code !== 0 && result.stderr.toLowerCase().includes(`no such ${kind}`);
  const found = parseJson(result.stdout) ?? (isMissing ? [] : undefined);
  if ((result.code !== 0 && !isMissing) || !Value.Check(Type.Array(schema), found)) throw commandFailed(['docker', ...args], result);
  return found;
}
