import { StepError, type ReadContext } from 'relpipe/plugin';
import { surveyShift } from '../shift/survey-shift.ts';
import { driftFrom } from '../sides/drift-from.ts';
import type { Router } from '../router-kinds/router.ts';
import type { ConfirmConfig, ConfirmOutputs } from './confirm-config.ts';

/** @throws {StepError} `TRAFFIC_DRIFT` when the weights are other ones, `TRAFFIC_UNSETTLED` */
export async function runConfirm(config: ConfirmConfig, context: ReadContext): Promise<ConfirmOutputs> {
  const { router, reading, wanted, present, isThere } = await surveyShift(config, undefined, context);
  if (reading.orElse !== undefined) throw unsettled(router);
  if (!isThere) throw driftFrom(router, wanted, reading.weights);
  return { weight: present };
}

const unsettled = (router: Router) =>
  new StepError('TRAFFIC_UNSETTLED', `A change of the weights of ${router.name} was interrupted, and may not hold.`, {
    hint: 'Run the traffic.shift again that gives them: it settles which weights are served.',
  });
