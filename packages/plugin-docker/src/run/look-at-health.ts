import { connect } from 'node:net';
import { StepError, whyUnreachable } from 'relpipe/plugin';
import type { Cli } from '../cli/docker.ts';
import { healthOf, type Container } from '../container/inspect-containers.ts';
import { reportStarted } from './report-started.ts';
import type { Healthy } from './run-config.ts';

export type SampleRequest = { readonly is: 'healthy' } | { readonly is: 'waiting' | 'broken'; readonly words: string };

const answerWithinMs = 5000;
/** So long a connection has to stay open. */
const staysOpenMs = 300;

/** One look at a container. @throws {StepError} `DOCKER_NO_HEALTHCHECK`, `DOCKER_PORT_NOT_PUBLISHED` */
export async function lookAtHealth(healthy: Healthy, container: Container, cli: Cli): Promise<SampleRequest> {
  const { Status, ExitCode } = container.State;
  if (Status === 'exited' || Status === 'dead') return { is: 'broken', words: `it has ended with exit code ${ExitCode}` };
  if (Status !== 'running') return { is: 'waiting', words: `it is ${Status}` };
  if ('http' in healthy) return askHttp(`http://${await placeOf(healthy.port, container, cli)}${healthy.http}`, cli);
  return 'tcp' in healthy ? connectTo(await placeOf(healthy.tcp, container, cli)) : readHealthcheck(container);
}

function readHealthcheck(container: Container): SampleRequest {
  const health = healthOf(container);
  if (health === 'none') {
    throw new StepError('DOCKER_NO_HEALTHCHECK', 'The image has no HEALTHCHECK, so nothing tells whether the container is healthy.', {
      hint: 'Say in `healthy` what to look at: `http` or `tcp`.',
    });
  }
  if (health === 'healthy') return { is: 'healthy' };
  return health === 'unhealthy' ? { is: 'broken', words: 'its HEALTHCHECK fails' } : { is: 'waiting', words: 'its HEALTHCHECK has not passed yet' };
}

async function askHttp(url: string, { context }: Cli): Promise<SampleRequest> {
  try {
    const answer = await context.fetch(url, { redirect: 'manual', signal: AbortSignal.any([context.signal, AbortSignal.timeout(answerWithinMs)]) });
    await answer.body?.cancel();
    return answer.status < 400 ? { is: 'healthy' } : { is: 'waiting', words: `${url} answers ${answer.status}` };
  } catch (error) {
    context.signal.throwIfAborted();
    return { is: 'waiting', words: `${url} does not answer (${whyUnreachable(error)})` };
  }
}

/** The engine's proxy takes every connection, and closes it when nothing listens inside: only one that stays open tells. */
function connectTo(place: string): Promise<SampleRequest> {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(place) ?? [];
  const socket = connect({ host, port: Number(port), timeout: answerWithinMs });
  return new Promise<SampleRequest>((resolve) => {
    const closed = (): void => resolve({ is: 'waiting', words: `nothing listens on ${place}` });
    socket.on('error', closed).on('close', closed).on('timeout', closed);
    socket.on('data', () => resolve({ is: 'healthy' }));
    socket.on('connect', () => setTimeout(() => resolve({ is: 'healthy' }), staysOpenMs));
  }).finally(() => socket.destroy());
}

async function placeOf(port: number, container: Container, cli: Cli): Promise<string> {
  const place = (await reportStarted(container, cli)).ports[String(port)];
  if (place !== undefined) return place;
  throw new StepError('DOCKER_PORT_NOT_PUBLISHED', `Port ${port} of the container is not published.`, { hint: `Add it to \`ports\`, e.g. 127.0.0.1::${port}.` });
}
