import { warn } from '../../errors/diagnostic.ts';
import { isRelpipeError } from '../../errors/relpipe-error.ts';
import { describePlan, type PlanDescription } from '../../plan/describe-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { printPlan } from '../../plan/print-plan.ts';
import { plainText } from '../../report/text/plain-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { print } from '../output.ts';
import { checkPlan, isRefused } from '../session/check-plan.ts';
import { heldBy, heldGroups, lookAtJournal } from '../session/held-groups.ts';
import { makePlan, type MadePlan } from '../session/make-plan.ts';
import { unsharedTargets } from '../session/unshared-targets.ts';
import { addLeaveOutOptions, readLeaveOut, type LeaveOutOptions } from './leave-out-options.ts';
import { environmentOption, fileArgument, inputOption, journalOption, readAssignments, type AddCommand } from './options.ts';

interface PlanOptions extends LeaveOutOptions {
  readonly input: readonly string[];
  readonly environment?: string;
  readonly json?: boolean;
  readonly journal?: string;
}

/** `relpipe plan [FILE]` */
export const addPlan: AddCommand = (program, exit) => {
  addLeaveOutOptions(program.command('plan'))
    .description('show what a run would do: each command, question, hold and gate, how it is rolled back, and what could not be checked; changes nothing')
    .argument(...fileArgument)
    .addOption(inputOption())
    .addOption(environmentOption())
    .addOption(journalOption())
    .option('--json', 'print the plan as JSON')
    .action(async (file: string, options: PlanOptions) => exit(await plan(file, options)));
};

async function plan(file: string, options: PlanOptions): Promise<number> {
  const { input, environment, journal } = options;
  const made = await makePlan(file, { inputs: readAssignments(input, 'plan'), environment, journal, leaveOut: readLeaveOut(options, 'plan') });
  if (!made) return exitCodes.refused;
  const check = await checkPlan(made);
  await warnOfHeldGroups(made, options.journal);
  const description = describePlan(made.plan, check);
  const text = options.json ? JSON.stringify(asJson(made.plan, description), undefined, 2) : printPlan(description).map(plainText).join('\n');
  await print(`${text}\n`);
  return isRefused(check) ? exitCodes.refused : exitCodes.succeeded;
}

/** The plan as it would be recorded, and what the text says beyond it. */
function asJson(plan: Plan, description: PlanDescription): object {
  const { steps, groups, pointOfNoReturn, minimumMs, holdsOfUnknownLength, unnoticedMs, unnoticedParkedMs, windows, unchecked } = description;
  const previews = Object.fromEntries(steps.flatMap(({ key, preview }) => (preview ? [[key, preview]] : [])));
  return { plan, previews, groups, pointOfNoReturn, minimumMs, holdsOfUnknownLength, unnoticedMs, unnoticedParkedMs, windows, unchecked };
}

/** A run of this plan would have to do with the runs that hold its groups. A journal that cannot be read keeps nobody from planning. */
async function warnOfHeldGroups(made: MadePlan, journal: string | undefined): Promise<void> {
  try {
    const findings = await lookAtJournal(made, journal, async (store) => [
      ...(await heldGroups(store, made.plan)).map(({ group, holder }) => warn('REL_OTHER_RUN_OPEN', heldBy(group, holder))),
      ...(await unsharedTargets(store, made.plan)),
    ]);
    made.show(findings);
  } catch (error) {
    if (!isRelpipeError(error)) throw error;
    const { code, message, hint } = error;
    made.show([{ severity: 'warning', code, message, ...(hint !== undefined && { hint }) }]);
  }
}
