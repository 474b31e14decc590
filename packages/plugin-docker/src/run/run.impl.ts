import {
  isLater,
  isFullyKnown,
  StepError,
  type Finding,
  type PlannedConfig,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RunContext,
  type RollbackContext,
} from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { checkEngine, notChecked } from '../checks.ts';
import { openLogin } from '../credentials/open-login.ts';
import { commandFailed, logLines } from '../docker/command.ts';
import { findContainers, healthOf, idLabel, nameOf, publishedPorts, shortKey, type Container } from '../docker/containers.ts';
import { docker, tryDocker, type Cli } from '../docker/docker.ts';
import { saveLogs } from '../docker/save-logs.ts';
import { parseReference, printReference } from '../image/reference.ts';
import { checkHealth, portNotPublished, waitUntilHealthy } from './health.ts';
import type { RunConfig, RunSchema, RunState, Started } from './run.ts';

/** Whether the engine answers, and the port of `healthy` is published. */
export async function verify(config: PlannedConfig<RunSchema>, context: ReadContext): Promise<readonly Finding[]> {
  const { engine } = config;
  return [
    ...checkPort(config),
    ...(isLater(engine) ? [] : await checkEngine({ context, engine })),
    ...(isFullyKnown(config) ? [] : [notChecked]),
  ];
}

function checkPort({ healthy, ports = [] }: PlannedConfig<RunSchema>): readonly Finding[] {
  if (healthy === undefined || isLater(healthy) || isLater(ports) || ports.some(isLater)) return [];
  const port = 'http' in healthy ? healthy.port : 'tcp' in healthy ? healthy.tcp : undefined;
  if (port === undefined || isLater(port) || ports.some((one) => !isLater(one) && insideOf(one) === String(port))) return [];
  return [{ ...findingFrom(portNotPublished(port)), at: ['healthy'] }];
}

const insideOf = (published: string): string => published.replace(/^.*:/, '').replace(/\/tcp$/, '');

/** Whether the container of this step runs and is healthy. One that is not healthy yet is started again. */
export async function probe(config: RunConfig, context: ProbeContext<RunState>): Promise<Probe<Started>> {
  if (!context.saved) return { found: 'not-done' };
  const cli = { context, engine: config.engine };
  const [container] = await ownContainers(context.saved.key, cli);
  if (!container) return { found: 'not-done' };
  const { is } = await checkHealth(config.healthy ?? { healthcheck: true }, container, cli);
  return is === 'healthy' ? { found: 'done', output: await describe(container, cli) } : { found: 'not-done' };
}

/** Starts the container and waits until it is healthy. It runs until the teardown at the end of the stage. @throws {StepError} */
export async function run(config: RunConfig, context: RunContext<RunState>): Promise<Started> {
  const key = context.saved?.key ?? shortKey(context.idempotencyKey);
  await context.saveState({ key });
  await using login = await openLogin(config.logins);
  const cli: Cli = { context, engine: config.engine, env: { ...config.env, ...config.secrets, ...login.env } };
  // A container of an earlier attempt is not healthy, or there would be no further attempt.
  for (const { Id } of await ownContainers(key, cli)) await remove(Id, cli);
  const id = await start(config, key, cli);
  const find = async () => (await ownContainers(key, cli)).find((one) => one.Id === id);
  const started = await describe(await waitUntilHealthy(config, find, key, cli), cli);
  const ports = Object.entries(started.ports).map(([inside, address]) => `, ${inside} at ${address}`);
  context.log(`${started.name} is healthy${ports.join('')}`);
  return started;
}

async function start(config: RunConfig, key: string, cli: Cli): Promise<string> {
  const { name = `relpipe-${key}`, env = {}, secrets = {}, ports = [], volumes = [], network, command = [] } = config;
  const args = [
    ...['container', 'run', '--detach', '--name', name, '--label', `${idLabel}=${key}`],
    // Their values are in the environment of the command, and so never on a command line.
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
  new StepError('DOCKER_NAME_TAKEN', `Another container has the name ${name}.`, { hint: 'Remove it, or leave `name` out.' });

/** Stops and removes the container. Saves its output first if it has exited or become unhealthy. @throws {StepError} */
export async function teardown(config: RunConfig, context: RollbackContext<RunState, Started>): Promise<void> {
  const { saved } = context;
  if (!saved) return; // Nothing was started.
  const cli = { context, engine: config.engine };
  for (const container of await ownContainers(saved.key, cli)) {
    const isBroken = container.State.Status !== 'running' || healthOf(container) === 'unhealthy';
    if (isBroken) context.log(`the output of the container is in ${await saveLogs([container], cli, saved.key)}`);
    // Stopped before it is killed: it may have something to finish.
    await docker(['container', 'stop', container.Id], cli);
    await remove(container.Id, cli);
  }
}

/** The containers that this step of this run has started, in any attempt. */
const ownContainers = (key: string, cli: Cli): Promise<readonly Container[]> => findContainers([`label=${idLabel}=${key}`], cli);

const remove = (id: string, cli: Cli): Promise<string> => docker(['container', 'rm', '--force', '--volumes', id], cli);

const describe = async (container: Container, cli: Cli): Promise<Started> => ({
  container: container.Id,
  name: nameOf(container),
  ports: { ...(await publishedPorts(container, cli)) },
});
