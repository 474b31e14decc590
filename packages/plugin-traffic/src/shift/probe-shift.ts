import { isStepError, type Probe, type ProbeContext } from 'relpipe/plugin';
import { mayBe } from '../sides/divide-traffic.ts';
import { reportShift } from './report-shift.ts';
import type { ShiftConfig, ShiftOutputs, ShiftState } from './shift-config.ts';
import { surveyShift, type Survey } from './survey-shift.ts';

/** Whether the weights are already as wanted. The read-back counts: whoever looks after a crash has seen no share. */
export async function probeShift(config: ShiftConfig, context: ProbeContext<ShiftState>): Promise<Probe<ShiftOutputs>> {
  const { saved } = context;
  const survey = await look(config, context);
  if (survey === undefined) return { found: 'not-done' };
  const { reading, router, wanted } = survey;
  if (survey.isThere) return { found: 'done', output: reportShift(survey, reading.weights) };
  const isOwn = saved === undefined || config['only-down'] === true || mayBe(saved.weights, reading) || mayBe(wanted, reading);
  if (isOwn) return { found: 'not-done' };
  return { found: 'conflict', detail: `The weights of ${router.name} are neither the former nor the wanted ones: somebody else has changed them.` };
}

/** Nothing where it fails on the way back: going down twice is going down once, and only the shift itself sees to a dead router. */
async function look(config: ShiftConfig, context: ProbeContext<ShiftState>): Promise<Survey | undefined> {
  try {
    return await surveyShift(config, context.saved, context);
  } catch (error) {
    if (isStepError(error) && config['only-down'] === true) return undefined;
    throw error;
  }
}
