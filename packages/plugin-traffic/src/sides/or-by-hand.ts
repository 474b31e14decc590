import { isStepError, StepError } from 'relpipe/plugin';
import type { Router, SideWeights } from '../router-kinds/router.ts';

/** Goes back to these weights; whoever reads that it failed also reads how to give them without relpipe. */
export async function orByHand<Result>(router: Router, weights: SideWeights, goBack: () => Promise<Result>): Promise<Result> {
  try {
    return await goBack();
  } catch (error) {
    if (!isStepError(error) || router.byHand === undefined) throw error;
    const { code, message, hint, retryable } = error;
    throw new StepError(code, message, { hint: `${hint === undefined ? '' : `${hint} `}By hand: ${router.byHand(weights)}`, retryable, cause: error });
  }
}
