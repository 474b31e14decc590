import type { Plan } from '../../plan/plan.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import type { Fact } from '../core/fact.ts';
import type { LiveEvent } from '../live-event.ts';
import type { Clock } from './clock.ts';
import type { RunStore } from '../store/run-store.ts';
import { LocalRuntime } from './local-runtime.ts';
import { createMask } from './mask-secrets.ts';
import type { Codec, SecretTexts } from '../../schema/decode.ts';
import { ProcessRegistry } from './process/process-registry.ts';
import { runFolder } from './tasks/run-folder.ts';
import { environmentWithout } from './tasks/task-variables.ts';
import type { StartWatch } from './watch/watch.ts';

export interface LocalRun {
  readonly store: RunStore;
  /** Entered with `store.createRun`. */
  readonly run: string;
  readonly plan: Plan;
  readonly registry: PluginRegistry;
  readonly codec: Codec;
  /** The values of `plan.secrets`. */
  readonly secrets: SecretTexts;
  /** Folder of the pipeline file. */
  readonly workdir: string;
  /** Logs and process registries are in `runs/ID` of it. */
  readonly relpipeFolder: string;
  readonly clock: Clock;
  readonly onLive: (event: LiveEvent) => void;
  readonly startWatch: StartWatch;
  /** Park when the next wake-up is further away; missing: never. */
  readonly parkAfterMs?: number;
}

/**
 * Takes the run's lease and reads what is recorded. Throws `REL_RUN_BUSY`, `REL_RUN_UNKNOWN`, `REL_JOURNAL_CHAIN_BROKEN`,
 * `REL_SECRET_TOO_SHORT`. Close the runtime to give the lease back.
 */
export async function openLocalRuntime(local: LocalRun): Promise<{ readonly runtime: LocalRuntime; readonly facts: readonly Fact[] }> {
  const { store, run, plan, clock, secrets, relpipeFolder, startWatch, parkAfterMs, ...shared } = local;
  const mask = createMask(secrets);
  const lease = await store.takeLease(run);
  try {
    const { facts, head } = await store.readRun(run);
    if ((await store.findRun(run))?.state !== 'running') await store.commit({ run, fence: lease.fence, summary: { state: 'running' } });
    const folder = runFolder(relpipeFolder, run);
    const processes = new ProcessRegistry(folder.processes);
    const environment = environmentWithout(plan.secrets);
    const tasks = { ...shared, run, secrets, mask, folder, processes, environment };
    const parking = parkAfterMs === undefined ? {} : { parkAfterMs };
    return { runtime: new LocalRuntime({ store, lease, head, plan, clock, startWatch, tasks, ...parking }), facts };
  } catch (error) {
    await lease.release();
    throw error;
  }
}
