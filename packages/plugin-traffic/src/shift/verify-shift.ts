import { isStepError, type Finding, type ReadContext } from 'relpipe/plugin';
import { refuseOtherSide } from '../routers/find-sides.ts';
import { isSettled, type PlannedShift } from './settled-shift.ts';
import { surveyShift } from './survey.ts';

/** The router answers and knows both sides; anything else would be found out with the release half done. */
export async function verifyShift(config: PlannedShift, context: ReadContext): Promise<readonly Finding[]> {
  if (!isSettled(config)) return [notChecked];
  try {
    const { router, sides, reading } = await surveyShift(config, undefined, context);
    refuseOtherSide(sides, router, reading);
    return [];
  } catch (error) {
    if (!isStepError(error)) throw error;
    const { code, message, hint } = error;
    return [{ level: 'error', code, message, ...(hint !== undefined && { hint }) }];
  }
}

const notChecked: Finding = {
  level: 'warning',
  code: 'TRAFFIC_NOT_CHECKED',
  message: 'The router was not asked: a part of this shift is only known when the run gets here.',
};
