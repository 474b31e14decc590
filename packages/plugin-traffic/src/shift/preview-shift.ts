import { isLater, isFullyKnown, plannedText, unknownUntilRun, type Later, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { printPercent } from '../percent.ts';
import type { shiftConfig } from './shift-config.ts';
import { surveyShift } from './survey-shift.ts';

type PlannedShift = PlannedConfig<typeof shiftConfig>;

/** From the share the candidate will have before this shift to the share it gets. */
export async function previewShift(config: PlannedShift, context: ReadContext): Promise<Preview> {
  const { candidate, weight, 'only-down': onlyDown } = config;
  const from = await shareBefore(config, context);
  const who = plannedText(candidate);
  return {
    change: onlyDown === true ? `leave ${who} no more than this share of the traffic` : `give ${who} another share of the traffic`,
    ...(from !== undefined && { from }),
    to: printShare(weight),
    rollback: 'puts the former weights back, never giving the candidate more',
    unknownUntilRun: unknownUntilRun(config),
  };
}

async function shareBefore(config: PlannedShift, context: ReadContext): Promise<string | undefined> {
  if (config.from !== undefined) return printShare(config.from);
  if (!isFullyKnown<typeof shiftConfig>(config)) return undefined;
  return printPercent((await surveyShift(config, undefined, context)).present);
}

const printShare = (share: number | Later<number>) => (isLater(share) ? plannedText(share) : printPercent(share));
