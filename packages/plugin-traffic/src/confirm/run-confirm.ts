import type { ReadContext } from 'relpipe/plugin';
import { surveyShift } from '../shift/survey-shift.ts';
import { driftFrom } from '../sides/drift-from.ts';
import type { ConfirmConfig, ConfirmOutputs } from './confirm-config.ts';

/** @throws {StepError} `TRAFFIC_DRIFT` when the weights are other ones */
export async function runConfirm(config: ConfirmConfig, context: ReadContext): Promise<ConfirmOutputs> {
  const { router, reading, wanted, present, isThere } = await surveyShift(config, undefined, context);
  if (!isThere) throw driftFrom(router, wanted, reading.weights);
  return { weight: present };
}
