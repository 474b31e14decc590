import { isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { refuseOtherSide } from '../sides/find-sides.ts';
import type { shiftConfig } from './shift-config.ts';
import { surveyShift } from './survey-shift.ts';

/**
 * The router answers and knows both sides. One that does not answer now is an error as well: otherwise that would be found out
 * with the release half done.
 */
export async function verifyShift(config: PlannedConfig<typeof shiftConfig>, context: ReadContext): Promise<readonly Finding[]> {
  // What the candidate will have before is only looked at when the run gets here.
  const now = { ...config, from: 0 };
  if (!isFullyKnown<typeof shiftConfig>(now)) return [notChecked];
  try {
    const { router, sides, reading } = await surveyShift(now, undefined, context);
    refuseOtherSide(sides, router, reading);
    return [];
  } catch (error) {
    return [{ ...findingFrom(error), level: 'error' }];
  }
}

const notChecked: Finding = {
  level: 'warning',
  code: 'TRAFFIC_NOT_CHECKED',
  message: 'The router was not asked: a part of this shift is only known when the run gets here.',
};
