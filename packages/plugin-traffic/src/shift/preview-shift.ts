import { isLater, type Preview, type ReadContext } from 'relpipe/plugin';
import { printPercent } from '../percent.ts';
import { findLater, isSettled, type PlannedShift } from './settled-shift.ts';
import { surveyShift } from './survey.ts';

/** From the share the candidate will have before this shift to the share it gets. */
export async function previewShift(config: PlannedShift, context: ReadContext): Promise<Preview> {
  const { candidate, weight, 'only-down': onlyDown } = config;
  const from = await shareBefore(config, context);
  return {
    change: onlyDown === true ? `leave ${print(candidate)} no more than a share` : `give ${print(candidate)} another share of the traffic`,
    ...(from !== undefined && { from }),
    to: printWeight(weight),
    undo: 'puts the former weights back, never giving the candidate more',
    unknownUntilRun: findLater(config),
  };
}

async function shareBefore(config: PlannedShift, context: ReadContext): Promise<string | undefined> {
  if (config.from !== undefined) return printWeight(config.from);
  if (!isSettled(config)) return undefined;
  return printPercent((await surveyShift(config, undefined, context)).present);
}

const printWeight = (weight: PlannedShift['weight']) => (isLater(weight) ? `(${weight.$later})` : printPercent(weight));

const print = (text: PlannedShift['candidate']) => (isLater(text) ? `(${text.$later})` : text);
