import type { RollbackContext } from 'relpipe/plugin';
import { docker } from '../cli/docker.ts';
import { healthOf } from '../container/inspect-containers.ts';
import { keepLogs } from '../container/keep-logs.ts';
import { ownContainers } from './own-containers.ts';
import type { RunConfig, RunState, Started } from './run-config.ts';

/** Stops and removes the container; what one said that has ended or become unhealthy meanwhile is kept. */
export async function releaseRun(config: RunConfig, context: RollbackContext<RunState, Started>): Promise<void> {
  const { saved } = context;
  if (!saved) return; // Nothing was started.
  const cli = { context, engine: config.engine };
  for (const container of await ownContainers(saved.key, cli)) {
    const isBroken = container.State.Status !== 'running' || healthOf(container) === 'unhealthy';
    if (isBroken) context.log(`what it said is in ${await keepLogs([container], cli, saved.key)}`);
    // Asked first, killed later: what runs may have something to finish.
    await docker(['container', 'stop', container.Id], cli);
    await docker(['container', 'rm', '--force', '--volumes', container.Id], cli);
  }
}
