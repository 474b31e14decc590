import type { Probe, ProbeContext } from 'relpipe/plugin';
import { lookAtHealth } from './look-at-health.ts';
import { ownContainers } from './own-containers.ts';
import { reportStarted } from './report-started.ts';
import type { RunConfig, RunState, Started } from './run-config.ts';

/** Whether the container of this step runs and is healthy. One that is not yet is started anew. */
export async function probeRun(config: RunConfig, context: ProbeContext<RunState>): Promise<Probe<Started>> {
  if (!context.saved) return { found: 'not-done' };
  const cli = { context, engine: config.engine };
  const [container] = await ownContainers(context.saved.key, cli);
  if (!container) return { found: 'not-done' };
  const { is } = await lookAtHealth(config.healthy ?? { healthcheck: true }, container, cli);
  return is === 'healthy' ? { found: 'done', output: await reportStarted(container, cli) } : { found: 'not-done' };
}
