import type { Fact } from '../core/fact.ts';
import type { RunStore } from '../store/run-store.ts';
import { LocalRuntime, type LocalRuntimeDeps } from './local-runtime.ts';
import { RunClock } from './run-clock.ts';
import type { Mask } from './masking/mask-secrets.ts';
import type { Tell } from './notify/deliveries.ts';
import { evidenceIn } from './watch/evidence.ts';
import { openWorkplace, type Workplace, type WorkplaceOptions } from './tasks/workplace.ts';

export interface LocalRun extends WorkplaceOptions, Pick<LocalRuntimeDeps, 'startWatch' | 'onRefused' | 'parkAfterMs' | 'rollBackRun'> {
  /** What sends messages and documents. */
  readonly openChannels: (workplace: Workplace) => Tell;
  /** The run is entered in it with `createRun`. */
  readonly store: RunStore;
}

interface OpenedRuntime {
  readonly runtime: LocalRuntime;
  /** What is recorded. */
  readonly facts: readonly Fact[];
  /** Of the secrets that this process has. */
  readonly mask: Mask;
}

/**
 * Takes the run's lease and reads what is recorded. Rejects with `REL_RUN_BUSY`, `REL_RUN_UNKNOWN`, `REL_JOURNAL_CHAIN_BROKEN`,
 * `REL_SECRET_TOO_SHORT`. Close the runtime to give the lease back.
 */
export async function openLocalRuntime(local: LocalRun): Promise<OpenedRuntime> {
  const { store, startWatch, openChannels, onRefused, parkAfterMs, rollBackRun, ...options } = local;
  const { run, plan } = options;
  const clock = new RunClock(options.clock);
  const workplace = openWorkplace({ ...options, clock });
  const lease = await store.takeLease(run);
  try {
    const { facts, head } = await store.readRun(run);
    clock.continueFrom(facts);
    if ((await store.findRun(run))?.state !== 'running') await store.commit({ run, fence: lease.fence, summary: { state: 'running' } });
    const more = { ...(parkAfterMs !== undefined && { parkAfterMs }), ...(rollBackRun && { rollBackRun }) };
    return { runtime: new LocalRuntime({ store, lease, head, plan, evidence: evidenceIn(facts), workplace, startWatch, tell: openChannels(workplace), onRefused, ...more }), facts, mask: workplace.mask };
  } catch (error) {
    await lease.release();
    throw error;
  }
}
