import type { RunContext } from 'relpipe/plugin';
import { lowerWeights } from '../sides/lower-weights.ts';
import { goBack } from '../sides/go-back.ts';
import { measureShare } from '../share/measure-share.ts';
import { asNamed } from '../sides/as-named.ts';
import { refuseForeignWeights, refuseForeignChange } from './refuse-foreign-weights.ts';
import { reportShift } from './report-shift.ts';
import type { ShiftConfig, ShiftOutputs, ShiftState } from './shift-config.ts';
import { surveyShift, type Survey } from './survey-shift.ts';

/** Saves the former weights, sets the new ones, reads them back, and looks what the candidate is really served. */
export async function runShift(config: ShiftConfig, context: RunContext<ShiftState>): Promise<ShiftOutputs> {
  return config['only-down'] === true ? lower(config, context) : move(config, context);
}

async function lower(config: ShiftConfig, context: RunContext<ShiftState>): Promise<ShiftOutputs> {
  return goBack(await config.router.open(context), { candidate: config.candidate, weights: asNamed(config) }, async () => {
    const survey = await surveyShift(config, context.saved, context);
    await saveFormer(survey, context);
    const { weights } = await lowerWeights(survey.router, survey.sides.candidate, survey.wanted);
    return reportShift(survey, weights);
  });
}

/** A second attempt must not take its own half-done work for the former state. */
const saveFormer = ({ reading }: Survey, context: RunContext<ShiftState>) => context.saveState(context.saved ?? { weights: reading.weights });

async function move(config: ShiftConfig, context: RunContext<ShiftState>): Promise<ShiftOutputs> {
  const survey = await surveyShift(config, context.saved, context);
  refuseForeignWeights(config, context.saved, survey);
  await saveFormer(survey, context);
  const { router, sides, reading, wanted, former } = survey;
  const set = survey.isThere ? reading : await router.write(wanted, reading);
  refuseForeignChange(router, wanted, set, set);
  const share = await measureShare({ router, candidate: sides.candidate, set, asked: config.weight, former }, context);
  refuseForeignChange(router, wanted, set, await router.read());
  return reportShift(survey, wanted, share);
}
