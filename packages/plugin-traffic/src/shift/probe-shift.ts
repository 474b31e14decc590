import type { Probe, ProbeContext } from 'relpipe/plugin';
import { asNamed } from '../sides/as-named.ts';
import { mayBe } from '../sides/divide-traffic.ts';
import { orByHand } from '../sides/or-by-hand.ts';
import { reportShift } from './report-shift.ts';
import type { ShiftConfig, ShiftOutputs, ShiftState } from './shift-config.ts';
import { surveyShift } from './survey-shift.ts';

/** Whether the weights are already as wanted. The read-back counts: whoever looks after a crash has seen no share. */
export async function probeShift(config: ShiftConfig, context: ProbeContext<ShiftState>): Promise<Probe<ShiftOutputs>> {
  if (config['only-down'] !== true) return look(config, context);
  return orByHand(await config.router.open(context), asNamed(config), () => look(config, context));
}

async function look(config: ShiftConfig, context: ProbeContext<ShiftState>): Promise<Probe<ShiftOutputs>> {
  const { saved } = context;
  const survey = await surveyShift(config, saved, context);
  const { reading, router, wanted } = survey;
  if (survey.isThere) return { found: 'done', output: reportShift(survey, reading.weights) };
  const isOwn = saved === undefined || config['only-down'] === true || mayBe(saved.weights, reading) || mayBe(wanted, reading);
  if (isOwn) return { found: 'not-done' };
  return { found: 'conflict', detail: `The weights of ${router.name} are neither the former nor the wanted ones: somebody else has changed them.` };
}
