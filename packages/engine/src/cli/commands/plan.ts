import { exitCodes } from '../exit-codes.ts';
import { makePlan } from '../make-plan.ts';

export interface PlanCommandOptions {
  readonly input: readonly string[];
  readonly json?: boolean;
}

/** `relpipe plan FILE`: nothing is changed. */
export async function plan(file: string, options: PlanCommandOptions): Promise<number> {
  const made = await makePlan(file, options.input);
  if (!made) return exitCodes.refused;
  process.stdout.write(`${JSON.stringify(made.plan, undefined, 2)}\n`);
  return exitCodes.succeeded;
}
