import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { isRelpipeError } from '../../errors/relpipe-error.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import { isHeld } from '../../run/store/group-rules.ts';
import type { RunStore } from '../../run/store/run-store.ts';
import { printError } from '../output.ts';
import { requireOperator } from '../record/ask-groups.ts';
import type { OpenedStore } from '../record/open-store.ts';

const lookEveryMs = 500;

/**
 * Rolls back the runs that hold a group before this one, each as `relpipe rollback RUN` does, in a process of its own: it has its own plan,
 * commit and secrets. Resolves to whether nothing of the run is in effect any more; false where its rollback waits for a person, or failed, and
 * where the person who started this run is not an operator of it. `by`: the state of this run.
 */
export const superseding =
  (opened: OpenedStore, by: () => RunState) =>
  async (run: string): Promise<boolean> => {
    const { store, root } = opened;
    if (!(await isByOperator(opened, by()))) return false;
    await rollBack(run, `superseded by run ${by().run}`, store.place, root);
    // Where a process executes that run, it rolls back itself.
    while ((await holdsAny(store, run)) && (await store.isDriven(run))) await pause(lookEveryMs);
    const row = await store.findRun(run);
    return row?.state === 'over' && row.outcome !== 'rollback-failed';
  };

async function isByOperator(opened: OpenedStore, state: RunState): Promise<boolean> {
  try {
    await requireOperator({ who: state.startedBy, by: 'os-user' }, state, opened);
    return true;
  } catch (error) {
    if (!isRelpipeError(error)) throw error;
    printError(error);
    return false;
  }
}

const holdsAny = async (store: RunStore, run: string): Promise<boolean> => (await store.groups()).some((row) => row.run === run && isHeld(row));

/** What it prints is not what this command is asked for: it goes to standard error. */
async function rollBack(run: string, reason: string, journal: string, cwd: string): Promise<void> {
  const [program = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, program, 'rollback', run, '--reason', reason, '--journal', journal], { cwd, stdio: ['ignore', 2, 2] });
  await once(child, 'close');
}
