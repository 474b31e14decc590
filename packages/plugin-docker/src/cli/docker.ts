import type { ExecOptions, ExecResult, ReadContext } from 'relpipe/plugin';
import { commandFailed } from './command-failed.ts';
import { logLines } from './log-lines.ts';

/** Which engine the docker CLI talks to, and as whom. Everything else is the CLI's own: DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG. */
export interface Cli {
  readonly context: ReadContext;
  /** A context of the docker CLI; undefined: its current one. */
  readonly engine: string | undefined;
  readonly env?: ExecOptions['env'];
}

/** What a docker command says on standard output. All that one says that fails is in the log. @throws {StepError} see `commandFailed` */
export async function docker(args: readonly string[], cli: Cli, options: ExecOptions = {}): Promise<string> {
  const result = await tryDocker(args, cli, options);
  if (result.code === 0) return result.stdout;
  logLines(`${result.stdout}\n${result.stderr}`, cli.context);
  throw commandFailed(['docker', ...args], result);
}

/** The same, with its exit code left to whoever asked. */
export const tryDocker = (args: readonly string[], cli: Cli, options: ExecOptions = {}): Promise<ExecResult> =>
  cli.context.exec(dockerCommand(args, cli), { ...options, env: { ...cli.env, ...options.env } });

export const dockerCommand = (args: readonly string[], { engine }: Pick<Cli, 'engine'>): readonly string[] => [
  'docker',
  ...(engine === undefined ? [] : ['--context', engine]),
  ...args,
];
