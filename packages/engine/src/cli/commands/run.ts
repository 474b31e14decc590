import { availableParallelism } from 'node:os';
import { relpipeError } from '../../errors/relpipe-error.ts';
import { registryOf } from '../../plan/registry-of.ts';
import { secretsToStart } from '../../run/core/state/secrets-needed.ts';
import { rules } from '../../run/core/rules-version.ts';
import { createMask } from '../../run/local/masking/mask-secrets.ts';
import { newRunId } from '../../run/store/run-id.ts';
import { exitCodes } from '../exit-codes.ts';
import { identifyPerson } from '../record/identify-person.ts';
import { withStore } from '../record/open-store.ts';
import { checkPlan, isRefused } from '../session/check-plan.ts';
import { driveRun, type DrivenRun } from '../session/drive-run.ts';
import { addDrivingOptions, readDrivingOptions, type DrivingOptions } from '../session/driving-options.ts';
import { heldBy, heldGroups, lookAtJournal, type HeldGroup } from '../session/held-groups.ts';
import { makePlan } from '../session/make-plan.ts';
import { readSecrets } from '../session/secrets.ts';
import { warnOfCheckout } from '../session/warn-of-checkout.ts';
import { version } from '../../util/version.ts';
import { addLeaveOutOptions, readLeaveOut, type LeaveOutOptions } from './leave-out-options.ts';
import { environmentOption, fileArgument, inputOption, journalOption, readAssignments, type AddCommand } from './options.ts';

interface RunOptions extends DrivingOptions, LeaveOutOptions {
  readonly input: readonly string[];
  readonly environment?: string;
  readonly journal?: string;
  readonly parallel?: string;
}

/** `relpipe run [FILE]` */
export const addRun: AddCommand = (program, exit) => {
  const command = program.command('run').description('run a pipeline').argument(...fileArgument);
  addDrivingOptions(addLeaveOutOptions(command.addOption(journalOption())))
    .addOption(inputOption())
    .addOption(environmentOption())
    .option('-p, --parallel <n>', 'how many tasks run at the same time (default: twice the cores, at least 4)')
    .action(async (file: string, options: RunOptions) => exit(await run(file, options)));
};

/** Read, check, plan, verify; then record and drive. */
async function run(file: string, options: RunOptions): Promise<number> {
  // A mistyped option is reported before anything is read or checked.
  const parallel = readParallel(options.parallel);
  const { parkAfterMs } = readDrivingOptions(options, 'run');
  const ready = await prepare(file, options);
  if (!ready) return exitCodes.refused;
  const { plan, workdir } = ready;

  return withStore({ folder: workdir, file: options.journal, access: 'write' }, async (opened) => {
    if (options.journal === undefined && parkAfterMs !== undefined) warnOfCheckout(opened, process.env);
    const id = newRunId(Date.now());
    await opened.store.createRun({ id, name: plan.name, createdAt: Date.now(), fingerprint: plan.fingerprint });
    const planned = { fact: 'planned', run: id, plan, parallel, who: identifyPerson(undefined, process.env), rules, engine: version } as const;
    return driveRun({ ...opened, ...ready, run: id, secretsNeeded: secretsToStart(plan), planned }, options);
  });
}

/**
 * File and inputs → what is driven; undefined when something is wrong, and all of it was printed. The file with its places ends here: a
 * run may take days, and each command that starts copies the memory map of this process.
 */
async function prepare(file: string, options: RunOptions): Promise<Pick<DrivenRun, 'plan' | 'registry' | 'workdir'> | undefined> {
  const { input, environment, journal } = options;
  const made = await makePlan(file, { inputs: readAssignments(input, 'run'), environment, journal, leaveOut: readLeaveOut(options, 'run') });
  if (!made) return undefined;
  const { plan, pipeline } = made;
  createMask(readSecrets(plan, secretsToStart(plan), process.env));
  const held = await lookAtJournal(made, journal, (store) => heldGroups(store, plan));
  refuse(held.find(({ isTakenAtOnce, onConflict }) => isTakenAtOnce && onConflict === 'fail'));
  // Until the other run returns the group, its changes are in the way of this plan, and of no later one.
  const waits = held.length > 0 && held.every(({ onConflict }) => onConflict !== 'fail');
  const check = await checkPlan(made, waits ? 'warning' : 'error');
  if (!isRefused(check)) return { plan, registry: registryOf(pipeline), workdir: pipeline.folder };
  refuse(held[0]);
  return undefined;
}

/** Throws `REL_OTHER_RUN_OPEN` for a run that holds a group. */
function refuse(held: HeldGroup | undefined): void {
  if (held !== undefined) throw relpipeError('REL_OTHER_RUN_OPEN', heldBy(held.group, held.holder));
}

function readParallel(text: string | undefined): number {
  if (text === undefined) return Math.max(4, 2 * availableParallelism());
  const n = Number(text);
  if (Number.isInteger(n) && n >= 1) return n;
  throw relpipeError('REL_USAGE', { because: `--parallel must be a whole number of at least 1; found "${text}".`, command: 'run' });
}
