import { describePlan } from '../../plan/describe/describe-plan.ts';
import { printPlan } from '../../plan/describe/print-plan.ts';
import { checkPlan, isRefused } from '../session/check-plan.ts';
import { exitCodes } from '../exit-codes.ts';
import { makePlan } from '../session/make-plan.ts';
import { say } from '../output.ts';

export interface PlanCommandOptions {
  readonly input: readonly string[];
  readonly json?: boolean;
}

/** `relpipe plan FILE`: nothing is changed. */
export async function plan(file: string, options: PlanCommandOptions): Promise<number> {
  const made = await makePlan(file, options.input);
  if (!made) return exitCodes.refused;
  const check = await checkPlan(made);
  if (options.json) await say(`${JSON.stringify({ plan: made.plan, unchecked: check.unchecked }, undefined, 2)}\n`);
  else await say(`${printPlan(describePlan(made.plan, check)).join('\n')}\n`);
  return isRefused(check) ? exitCodes.refused : exitCodes.succeeded;
}
