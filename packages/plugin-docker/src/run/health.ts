import { connect } from 'node:net';
import { StepError } from 'relpipe/plugin';
import { whyUnreachable } from 'relpipe/plugin/toolkit';
import { healthOf, publishedPorts, type Container } from '../docker/containers.ts';
import type { Cli } from '../docker/docker.ts';
import { saveLogs } from '../docker/save-logs.ts';
import type { Healthy, RunConfig } from './run.ts';

const defaultWithinMs = 60_000;
const checkEveryMs = 250;

/**
 * Waits until the container is healthy. `find` reads its present state.
 * @throws {StepError} `DOCKER_UNHEALTHY`, with the output of the container in a file; `DOCKER_NO_HEALTHCHECK`, `DOCKER_PORT_NOT_PUBLISHED`
 */
export async function waitUntilHealthy(
  { healthy = { healthcheck: true }, image }: RunConfig,
  find: () => Promise<Container | undefined>,
  key: string,
  cli: Cli,
): Promise<Container> {
  const { clock } = cli.context;
  const { within = defaultWithinMs } = healthy;
  const end = clock.now() + within;
  for (;;) {
    const container = await find();
    if (!container) throw gone();
    const health = await checkHealth(healthy, container, cli);
    if (health.is === 'healthy') return container;
    if (health.is === 'broken' || clock.now() >= end) {
      const file = await saveLogs([container], cli, key);
      const late = health.is === 'broken' ? '' : ` after ${within / 1000} s`;
      throw new StepError('DOCKER_UNHEALTHY', `The container of ${image} is not healthy${late}: ${health.reason}.`, {
        hint: `The output of the container is in ${file}.`,
      });
    }
    await clock.sleep(Math.min(checkEveryMs, Math.max(1, end - clock.now())));
  }
}

const gone = () =>
  new StepError('DOCKER_UNHEALTHY', 'The container no longer exists.', {
    hint: 'Find out what removes containers on this engine.',
    retryable: true,
  });

/** `broken`: waiting longer cannot help. */
type Health = { readonly is: 'healthy' } | { readonly is: 'waiting' | 'broken'; readonly reason: string };

/** Checks a container once. @throws {StepError} `DOCKER_NO_HEALTHCHECK`, `DOCKER_PORT_NOT_PUBLISHED` */
export async function checkHealth(healthy: Healthy, container: Container, cli: Cli): Promise<Health> {
  const { Status, ExitCode } = container.State;
  if (Status === 'exited' || Status === 'dead') return { is: 'broken', reason: `it has exited with code ${ExitCode}` };
  if (Status !== 'running') return { is: 'waiting', reason: `it is ${Status}` };
  if ('http' in healthy) return requestHttp(`http://${await addressOf(healthy.port, container, cli)}${healthy.http}`, cli);
  return 'tcp' in healthy ? connectTo(await addressOf(healthy.tcp, container, cli)) : readHealthcheck(container);
}

const timeoutMs = 5000;

async function requestHttp(url: string, { context }: Cli): Promise<Health> {
  try {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]);
    const answer = await context.fetch(url, { redirect: 'manual', signal });
    await answer.body?.cancel();
    return answer.status < 400 ? { is: 'healthy' } : { is: 'waiting', reason: `${url} answers ${answer.status}` };
  } catch (error) {
    context.signal.throwIfAborted();
    return { is: 'waiting', reason: `${url} does not answer (${whyUnreachable(error)})` };
  }
}

/** How long a connection has to stay open to count. */
const staysOpenMs = 300;

/** The engine's proxy accepts every connection, and closes it when nothing listens inside: only one that stays open counts. */
function connectTo(address: string): Promise<Health> {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  const socket = connect({ host, port: Number(port), timeout: timeoutMs });
  return new Promise<Health>((resolve) => {
    const closed = (): void => resolve({ is: 'waiting', reason: `nothing listens on ${address}` });
    socket.on('error', closed).on('close', closed).on('timeout', closed);
    socket.on('data', () => resolve({ is: 'healthy' }));
    socket.on('connect', () => setTimeout(() => resolve({ is: 'healthy' }), staysOpenMs));
  }).finally(() => socket.destroy());
}

function readHealthcheck(container: Container): Health {
  const health = healthOf(container);
  if (health === 'healthy') return { is: 'healthy' };
  if (health === 'unhealthy') return { is: 'broken', reason: 'its HEALTHCHECK fails' };
  if (health !== 'none') return { is: 'waiting', reason: 'its HEALTHCHECK has not passed yet' };
  throw new StepError('DOCKER_NO_HEALTHCHECK', 'The image has no HEALTHCHECK, so nothing tells whether the container is healthy.', {
    hint: 'Choose another check in `healthy`: `http` or `tcp`.',
  });
}

async function addressOf(port: number, container: Container, cli: Cli): Promise<string> {
  const address = (await publishedPorts(container, cli))[String(port)];
  if (address !== undefined) return address;
  throw portNotPublished(port);
}

export const portNotPublished = (port: number) =>
  new StepError('DOCKER_PORT_NOT_PUBLISHED', `\`healthy\` needs port ${port} of the container, which is not published.`, {
    hint: `Add it to \`ports\`, e.g. 127.0.0.1::${port}.`,
  });
