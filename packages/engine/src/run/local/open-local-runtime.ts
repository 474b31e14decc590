import type { Plan } from '../../plan/plan.ts';
import type { PluginRegistry } from '../../plugins/registry.ts';
import type { Fact } from '../core/fact.ts';
import type { LiveEvent } from '../live-event.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal/journal.ts';
import { takeLease } from './lease/lease.ts';
import { LocalRuntime } from './local-runtime.ts';
import { createMask } from './mask-secrets.ts';
import type { Codec, SecretTexts } from '../../schema/decode.ts';
import type { CommandToStart } from './tasks/commands/command-starter.ts';
import { DirectStarter } from './tasks/commands/direct-starter.ts';
import { LaunchedStarter } from './tasks/commands/launched-starter.ts';
import { endFormerProcesses, readFormerBook } from './tasks/end-former-processes.ts';
import { ProcessBook } from './tasks/process-book.ts';
import { runFolder } from './tasks/run-folder.ts';
import { environmentWithout } from './tasks/task-variables.ts';
import type { StartWatch } from './watch/watch.ts';

export interface LocalRun {
  readonly journal: Journal;
  /** Entered with `journal.createRun`. */
  readonly run: string;
  readonly plan: Plan;
  readonly registry: PluginRegistry;
  readonly codec: Codec;
  /** The values of `plan.secrets`. */
  readonly secrets: SecretTexts;
  /** Folder of the pipeline file. */
  readonly workdir: string;
  /** Logs and process books are in `runs/ID` of it. */
  readonly relpipeFolder: string;
  readonly clock: Clock;
  readonly onLive: (event: LiveEvent) => void;
  readonly startWatch: StartWatch;
  /** Park when the next wake-up is further away; missing: never. */
  readonly parkAfterMs?: number;
  /** With so many commands in the plan a launcher starts them, on Linux. Default: 10. */
  readonly launcherPaysFrom?: number;
}

/** A launcher takes about 5 ms to be started and ready, and saves about 1 ms a command. Elsewhere a start copies no page tables. */
const launcherPaysFrom = process.platform === 'linux' ? 10 : Infinity;

/**
 * Takes the run's lease and reads what is recorded. Throws `REL_RUN_BUSY`, `REL_RUN_UNKNOWN`, `REL_JOURNAL_CHAIN_BROKEN`,
 * `REL_SECRET_TOO_SHORT`. Close the runtime to give the lease back.
 */
export function openLocalRuntime(local: LocalRun): { readonly runtime: LocalRuntime; readonly facts: readonly Fact[] } {
  const { journal, run, plan, clock, secrets, relpipeFolder, startWatch, parkAfterMs, launcherPaysFrom: paysFrom = launcherPaysFrom, ...shared } = local;
  const mask = createMask(secrets);
  const lease = takeLease(journal, run, clock);
  try {
    const { facts, head } = journal.readRun(run);
    if (journal.findRun(run)?.state !== 'running') journal.summarise(run, lease.fence, { state: 'running' });
    const folder = runFolder(relpipeFolder, run);
    const book = new ProcessBook(folder.processes);
    const environment = environmentWithout(plan.secrets);
    const endLeftOver = async ({ key }: CommandToStart) => endFormerProcesses(run, key, await readFormerBook(folder));
    const starter = commandsIn(plan) < paysFrom ? new DirectStarter(book, environment) : new LaunchedStarter({ book, environment, endLeftOver });
    const tasks = { ...shared, run, secrets, mask, folder, book, starter, environment };
    const parking = parkAfterMs === undefined ? {} : { parkAfterMs };
    return { runtime: new LocalRuntime({ journal, lease, head, plan, clock, startWatch, tasks, ...parking }), facts };
  } catch (error) {
    lease.release();
    throw error;
  }
}

const commandsIn = ({ steps }: Plan): number => steps.filter(({ act }) => act.act === 'task' && act.uses === 'relpipe.run').length;
