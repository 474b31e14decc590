import { StepError } from 'relpipe/plugin';
import { healthOf, nameOf, type Container } from '../container/inspect-containers.ts';
import { keepLogs } from '../container/keep-logs.ts';
import type { ComposeConfig } from './compose-config.ts';
import type { Compose } from './open-compose.ts';
import { servicesOf } from './services-of.ts';

const defaultWithinMs = 120_000;
const lookEveryMs = 500;
/** So long has to run what has no health check: what breaks at its start does so in this time. */
const settleMs = 3000;

/**
 * Waits until every one of the services is healthy, or has ended well where it is to end.
 * @throws {StepError} `DOCKER_UNHEALTHY` at once when one is unhealthy or has ended, or when the time is over; the logs are kept
 */
export async function untilHealthy(config: ComposeConfig, wanted: readonly string[], compose: Compose): Promise<readonly Container[]> {
  const { context } = compose.cli;
  const { clock } = context;
  const { within = defaultWithinMs, completes = [] } = config;
  const firstSeen = new Map<string, number>();
  const end = clock.now() + within;
  for (;;) {
    const containers = await compose.containers();
    const now = clock.now();
    for (const { Id } of containers) if (!firstSeen.has(Id)) firstSeen.set(Id, now);
    const hasSettled = ({ Id }: Container): boolean => now - (firstSeen.get(Id) ?? now) >= settleMs;
    const states = wanted.map((service) => stateOf(service, servicesOf(containers).get(service) ?? [], completes.includes(service), hasSettled));
    const broken = states.filter(({ is }) => is === 'broken');
    const waiting = states.filter(({ is }) => is === 'waiting');
    if (broken.length === 0 && waiting.length === 0) {
      const unchecked = containers.filter((one) => one.State.Status === 'running' && healthOf(one) === 'none');
      if (unchecked.length > 0) context.log(`no health check: ${unchecked.map(nameOf).join(', ')}; that it runs is all that is known`);
      return containers;
    }
    if (broken.length > 0 || now >= end) {
      const file = await keepLogs(containers, compose.cli, config.project);
      const why = (broken.length > 0 ? broken : waiting).map(({ words }) => words).join('; ');
      const late = broken.length > 0 ? '' : ` after ${within / 1000} s`;
      throw new StepError('DOCKER_UNHEALTHY', `${config.project} is not healthy${late}: ${why}.`, { hint: `What the containers said is in ${file}.` });
    }
    await clock.sleep(Math.min(lookEveryMs, end - now));
  }
}

interface ServiceState {
  readonly is: 'good' | 'waiting' | 'broken';
  readonly words: string;
}

function stateOf(service: string, containers: readonly Container[], isToEnd: boolean, hasSettled: (one: Container) => boolean): ServiceState {
  if (containers.length === 0) return { is: 'waiting', words: `${service} has no container` };
  const states = containers.map((one) => stateOfOne(service, one, isToEnd, hasSettled(one)));
  return states.find(({ is }) => is === 'broken') ?? states.find(({ is }) => is === 'waiting') ?? { is: 'good', words: service };
}

function stateOfOne(service: string, container: Container, isToEnd: boolean, hasSettled: boolean): ServiceState {
  const { Status, ExitCode } = container.State;
  const health = healthOf(container);
  if (Status === 'exited' && isToEnd && ExitCode === 0) return { is: 'good', words: service };
  if (Status === 'exited' || Status === 'dead') return { is: 'broken', words: `${service} has ended with exit code ${ExitCode}` };
  if (health === 'unhealthy') return { is: 'broken', words: `${service} is unhealthy` };
  if (Status !== 'running' || isToEnd) return { is: 'waiting', words: `${service} is ${Status}` };
  if (health === 'healthy' || (health === 'none' && hasSettled)) return { is: 'good', words: service };
  return { is: 'waiting', words: `${service} is ${health === 'none' ? 'running since a moment ago' : 'still starting'}` };
}
