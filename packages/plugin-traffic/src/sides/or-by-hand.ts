import { isStepError, StepError } from 'relpipe/plugin';
import type { Router } from '../router-kinds/router.ts';
import { prepareNextStart, type Destination } from './prepare-next-start.ts';

/** Goes back; whoever reads that it failed also reads what a dead router will start with, and how to give the weights without relpipe. */
export async function orByHand<Result>(router: Router, to: Destination, goBack: () => Promise<Result>): Promise<Result> {
  try {
    return await goBack();
  } catch (error) {
    if (!isStepError(error)) throw error;
    const { code, message, retryable } = error;
    const hints = [error.hint, await prepareNextStart(router, to), router.byHand && `By hand: ${router.byHand(to.weights)}`];
    throw new StepError(code, message, { hint: hints.filter((hint) => hint !== undefined).join(' '), retryable, cause: error });
  }
}
