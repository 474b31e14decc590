import { StepError } from 'relpipe/plugin';
import { healthOf, nameOf, type Container } from '../docker/containers.ts';
import { saveLogs } from '../docker/save-logs.ts';
import type { ComposeConfig } from './compose.ts';
import { byService, type Project } from './project.ts';

const defaultWithinMs = 120_000;
const checkEveryMs = 500;
/** How long a container without a health check has to run: one that fails at its start does so in this time. */
const stableMs = 3000;

/**
 * Waits until each of the services is healthy, or has completed where it should.
 * @throws {StepError} `DOCKER_UNHEALTHY` as soon as one is unhealthy or has exited, or after `within`; the output is saved
 */
export async function waitUntilHealthy(config: ComposeConfig, wanted: readonly string[], project: Project): Promise<readonly Container[]> {
  const { context } = project.cli;
  const { clock } = context;
  const { within = defaultWithinMs, completes = [] } = config;
  const firstSeen = new Map<string, number>();
  const end = clock.now() + within;
  for (;;) {
    const containers = await project.containers();
    const now = clock.now();
    for (const { Id } of containers) if (!firstSeen.has(Id)) firstSeen.set(Id, now);
    const isStable = ({ Id }: Container): boolean => now - (firstSeen.get(Id) ?? now) >= stableMs;
    const services = byService(containers);
    const states = wanted.map((service) => stateOf(service, services.get(service) ?? [], completes.includes(service), isStable));
    const broken = states.filter(({ is }) => is === 'broken');
    const waiting = states.filter(({ is }) => is === 'waiting');
    if (broken.length === 0 && waiting.length === 0) {
      const unchecked = containers.filter((one) => one.State.Status === 'running' && healthOf(one) === 'none');
      if (unchecked.length > 0) context.log(`running, but without a health check: ${unchecked.map(nameOf).join(', ')}`);
      return containers;
    }
    if (broken.length > 0 || now >= end) {
      const reasons = (broken.length > 0 ? broken : waiting).map(({ reason }) => reason).join('; ');
      const late = broken.length > 0 ? '' : ` after ${within / 1000} s`;
      const file = await saveLogs(containers, project.cli, config.project);
      throw new StepError('DOCKER_UNHEALTHY', `${config.project} is not healthy${late}: ${reasons}.`, {
        hint: `The output of the containers is in ${file}.`,
      });
    }
    await clock.sleep(Math.min(checkEveryMs, end - now));
  }
}

/** `broken`: waiting longer cannot help. */
interface ServiceState {
  readonly is: 'good' | 'waiting' | 'broken';
  readonly reason: string;
}

function stateOf(
  service: string,
  containers: readonly Container[],
  completes: boolean,
  isStable: (one: Container) => boolean,
): ServiceState {
  if (containers.length === 0) return { is: 'waiting', reason: `${service} has no container` };
  const states = containers.map((one) => stateOfOne(service, one, completes, isStable(one)));
  return states.find(({ is }) => is === 'broken') ?? states.find(({ is }) => is === 'waiting') ?? { is: 'good', reason: service };
}

function stateOfOne(service: string, container: Container, completes: boolean, isStable: boolean): ServiceState {
  const { Status, ExitCode } = container.State;
  const health = healthOf(container);
  if (Status === 'exited' && completes && ExitCode === 0) return { is: 'good', reason: service };
  if (Status === 'exited' || Status === 'dead') return { is: 'broken', reason: `${service} has exited with code ${ExitCode}` };
  if (health === 'unhealthy') return { is: 'broken', reason: `${service} is unhealthy` };
  if (Status !== 'running' || completes) return { is: 'waiting', reason: `${service} is ${Status}` };
  if (health === 'healthy' || (health === 'none' && isStable)) return { is: 'good', reason: service };
  return { is: 'waiting', reason: `${service} ${health === 'none' ? 'has only just started' : 'is still starting'}` };
}
