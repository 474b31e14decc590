import { StepError, type RunContext } from 'relpipe/plugin';
import type { Cli } from '../cli/docker.ts';
import { docker, tryDocker } from '../cli/docker.ts';
import { commandFailed } from '../cli/command-failed.ts';
import { logLines } from '../cli/log-lines.ts';
import { openLogin } from '../cli/open-login.ts';
import { idLabel, shortKey } from '../container/own-label.ts';
import { parseReference, printReference } from '../reference/image-reference.ts';
import { ownContainers } from './own-containers.ts';
import { reportStarted } from './report-started.ts';
import type { RunConfig, RunState, Started } from './run-config.ts';
import { untilHealthy } from './until-healthy.ts';

/** Starts the container and waits until it is healthy. It goes on running: the release at the end of the stage stops it. */
export async function runRun(config: RunConfig, context: RunContext<RunState>): Promise<Started> {
  const key = context.saved?.key ?? shortKey(context.idempotencyKey);
  await context.saveState({ key });
  await using login = await openLogin(config.logins);
  const cli: Cli = { context, engine: config.engine, env: { ...config.env, ...config.secrets, ...login.env } };
  // What an earlier attempt started is not healthy, or this one would not be.
  for (const { Id } of await ownContainers(key, cli)) await docker(['container', 'rm', '--force', '--volumes', Id], cli);
  const id = await start(config, key, cli);
  const container = await untilHealthy(config, id, key, cli);
  const done = await reportStarted(container, cli);
  context.log(`${done.name} is healthy${Object.entries(done.ports).map(([inside, outside]) => `, ${inside} at ${outside}`).join('')}`);
  return done;
}

async function start(config: RunConfig, key: string, cli: Cli): Promise<string> {
  const { name = `relpipe-${key}`, env = {}, secrets = {}, ports = [], volumes = [], network, command = [] } = config;
  const args = [
    ...['container', 'run', '--detach', '--name', name, '--label', `${idLabel}=${key}`],
    // Their values are in the environment of the command, and so on no command line.
    ...Object.keys({ ...env, ...secrets }).flatMap((variable) => ['--env', variable]),
    ...ports.flatMap((port) => ['--publish', port]),
    ...volumes.flatMap((volume) => ['--volume', volume]),
    ...(network === undefined ? [] : ['--network', network]),
    imageOf(config),
    ...command,
  ];
  const result = await tryDocker(args, cli);
  if (result.code === 0) return result.stdout.trim().split('\n').at(-1) ?? '';
  logLines(result.stderr, cli.context);
  if (/container name .* is already in use/i.test(result.stderr)) throw nameTaken(name);
  throw commandFailed(['docker', ...args], result);
}

/** An image of the engine may have no name, or one without a registry. */
const imageOf = ({ image }: RunConfig): string => {
  const reference = parseReference(image);
  return reference.host === 'docker.io' ? image.replace(/^https?:\/\//, '') : printReference(reference);
};

const nameTaken = (name: string) =>
  new StepError('DOCKER_NAME_TAKEN', `Another container is called ${name}.`, { hint: 'Remove it, or leave `name` out.' });
