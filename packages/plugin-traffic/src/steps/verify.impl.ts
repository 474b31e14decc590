import { StepError, type ReadContext } from 'relpipe/plugin';
import type { Router } from '../routers/router.ts';
import { untilServed } from '../weights/unserved.ts';
import { driftError } from '../weights/weights.ts';
import { surveyShift } from './survey.ts';
import type { VerifyConfig, VerifyOutputs } from './verify.ts';

/**
 * Compares the weights with the wanted ones.
 * @throws {StepError} `TRAFFIC_DRIFT` when they differ, `TRAFFIC_CHANGE_INTERRUPTED`, `TRAFFIC_SIDE_NOT_READY`
 */
export async function runVerify(config: VerifyConfig, context: ReadContext): Promise<VerifyOutputs> {
  const { router, reading, wanted, present, isDone } = await surveyShift(config, undefined, context);
  if (reading.possibleWeights !== undefined) throw changeInterrupted(router);
  if (!isDone) throw driftError(router, wanted, reading.weights);
  await untilServed(router, wanted, reading, context);
  return { weight: present };
}

const changeInterrupted = (router: Router) =>
  new StepError('TRAFFIC_CHANGE_INTERRUPTED', `A change of the weights of ${router.name} was interrupted: other weights may be served.`, {
    hint: 'Run the traffic.shift step again: it completes the change.',
  });
