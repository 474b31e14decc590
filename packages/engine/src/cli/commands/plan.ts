import { describePlan } from '../../plan/describe-plan.ts';
import { printPlan } from '../../plan/print-plan.ts';
import { exitCodes } from '../exit-codes.ts';
import { print } from '../output.ts';
import { checkPlan, isRefused } from '../session/check-plan.ts';
import { makePlan } from '../session/make-plan.ts';
import { fileArgument, inputOption, readAssignments, type AddCommand } from './options.ts';

interface PlanOptions {
  readonly input: readonly string[];
  readonly json?: boolean;
}

/** `relpipe plan [FILE]` */
export const addPlan: AddCommand = (program, exit) => {
  program
    .command('plan')
    .description('show what a run would do, how each step is rolled back, and what could not be checked; changes nothing')
    .argument(...fileArgument)
    .addOption(inputOption())
    .option('--json', 'print the plan as JSON')
    .action(async (file: string, options: PlanOptions) => exit(await plan(file, options)));
};

async function plan(file: string, options: PlanOptions): Promise<number> {
  const made = await makePlan(file, readAssignments(options.input, 'plan'));
  if (!made) return exitCodes.refused;
  const check = await checkPlan(made);
  if (options.json) await print(`${JSON.stringify({ plan: made.plan, unchecked: check.unchecked }, undefined, 2)}\n`);
  else await print(`${printPlan(describePlan(made.plan, check)).join('\n')}\n`);
  return isRefused(check) ? exitCodes.refused : exitCodes.succeeded;
}
