import { StepError } from 'relpipe/plugin';
import type { Cli } from '../cli/docker.ts';
import { keepLogs } from '../container/keep-logs.ts';
import type { Container } from '../container/inspect-containers.ts';
import { lookAtHealth } from './look-at-health.ts';
import { ownContainers } from './own-containers.ts';
import type { RunConfig } from './run-config.ts';

const defaultWithinMs = 60_000;
const lookEveryMs = 250;

/** @throws {StepError} `DOCKER_UNHEALTHY`, `DOCKER_NO_HEALTHCHECK`, `DOCKER_PORT_NOT_PUBLISHED`; what the container said is kept */
export async function untilHealthy(config: RunConfig, id: string, key: string, cli: Cli): Promise<Container> {
  const { clock } = cli.context;
  const { within = defaultWithinMs } = config.healthy ?? {};
  const end = clock.now() + within;
  for (;;) {
    const container = (await ownContainers(key, cli)).find((one) => one.Id === id);
    if (!container) throw new StepError('DOCKER_UNHEALTHY', 'The container has gone.', { hint: 'Check who removes containers on this engine.', retryable: true });
    const look = await lookAtHealth(config.healthy ?? { healthcheck: true }, container, cli);
    if (look.is === 'healthy') return container;
    if (look.is === 'broken' || clock.now() >= end) {
      const file = await keepLogs([container], cli, key);
      const late = look.is === 'broken' ? '' : ` after ${within / 1000} s`;
      throw new StepError('DOCKER_UNHEALTHY', `The container of ${config.image} is not healthy${late}: ${look.words}.`, { hint: `What it said is in ${file}.` });
    }
    await clock.sleep(Math.min(lookEveryMs, Math.max(1, end - clock.now())));
  }
}
