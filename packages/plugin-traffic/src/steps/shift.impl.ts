import {
  isLater,
  isFullyKnown,
  isStepError,
  plannedText,
  unknownUntilRun,
  type Finding,
  type Later,
  type PlannedConfig,
  type Preview,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RunContext,
  type AutomaticRollbackContext,
} from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import type { Router, SideWeights } from '../routers/router.ts';
import { mayServe, weightsAsNamed } from '../weights/division.ts';
import { leftAt, refuseChangeByOthers } from '../weights/left-weights.ts';
import { lowerWeights, type WriteGuard } from '../weights/lower-weights.ts';
import { rollBack } from '../weights/next-start.ts';
import { findSides, refuseOtherSide } from '../weights/sides.ts';
import { untilServed, warnOfUnserved } from '../weights/unserved.ts';
import { printPercent, weightOf } from '../weights/weights.ts';
import { measureShare, type ServedShare } from './share.ts';
import type { joinedShiftConfig, ShiftConfig, ShiftOutputs, ShiftState } from './shift.ts';
import { refuseForeignChange, refuseForeignWeights, refuseLowering, surveyShift, type Survey } from './survey.ts';

type PlannedShift = PlannedConfig<typeof joinedShiftConfig>;

/**
 * Finds out whether the router answers and knows both sides. A router that does not answer now is an error as well: otherwise that would be
 * noticed in the middle of the release.
 */
export async function verifyShift(config: PlannedShift, context: ReadContext): Promise<readonly Finding[]> {
  // The share before this shift is compared only when the run gets here.
  const now = { ...config, from: 0 };
  if (!isFullyKnown<typeof joinedShiftConfig>(now)) return [notChecked];
  try {
    const survey = await surveyShift(now, undefined, context);
    const { router, sides, reading, wanted } = survey;
    refuseOtherSide(sides, router, reading);
    refuseLowering(now, survey);
    const refused = (await router.verify?.(wanted)) ?? [];
    return [...refused, ...warnOfUnserved(router, wanted, reading)];
  } catch (error) {
    return [{ ...findingFrom(error), level: 'error' }];
  }
}

const notChecked: Finding = {
  level: 'warning',
  code: 'TRAFFIC_NOT_CHECKED',
  message: 'The router was not checked: a part of this shift is known only when the run gets here.',
};

/** From the share the candidate will have before this shift to the share it gets. */
export async function previewShift(config: PlannedShift, context: ReadContext): Promise<Preview> {
  const { candidate, weight, 'only-down': onlyDown } = config;
  const from = await shareBefore(config, context);
  const side = plannedText(candidate);
  const change = onlyDown === true ? `lower the share of ${side} to at most this` : `change the share of ${side}`;
  return {
    change: (await isMeasured(config, context)) ? change : `${change} (the served share is not measured)`,
    ...(from !== undefined && { from }),
    to: printPlanned(weight),
    rollback: 'restores the previous weights, never raising the candidate',
    unknownUntilRun: unknownUntilRun(config),
  };
}

/** Known before the run: a lowered share is never measured, and not every router counts requests. */
async function isMeasured({ router, 'only-down': onlyDown }: PlannedShift, context: ReadContext): Promise<boolean> {
  return isLater(router) || onlyDown === true || (await router.open(context)).measure !== undefined;
}

async function shareBefore(config: PlannedShift, context: ReadContext): Promise<string | undefined> {
  if (config.from !== undefined) return printPlanned(config.from);
  if (!isFullyKnown<typeof joinedShiftConfig>(config)) return undefined;
  return printPercent((await surveyShift(config, undefined, context)).present);
}

const printPlanned = (share: number | Later<number>) => (isLater(share) ? plannedText(share) : printPercent(share));

/** Whether the weights are already as wanted. The weights that are read back decide: after a crash, no share was measured. */
export async function probeShift(config: ShiftConfig, context: ProbeContext<ShiftState>): Promise<Probe<ShiftOutputs>> {
  const { saved } = context;
  const survey = await surveyUnlessDead(config, context);
  if (survey === undefined) return { found: 'not-done' };
  const { reading, router, wanted } = survey;
  if (survey.isDone) return { found: 'done', output: reportShift(survey, reading.weights) };
  const isOwn = saved === undefined || config['only-down'] === true || mayServe(saved.weights, reading) || mayServe(wanted, reading);
  if (isOwn) return { found: 'not-done' };
  return {
    found: 'conflict',
    detail: `The weights of ${router.name} are neither the previous nor the wanted ones: somebody else has changed them.`,
  };
}

/**
 * Undefined where the router does not answer during a rollback: lowering twice is harmless, and only the shift itself prepares a dead
 * router.
 */
async function surveyUnlessDead(config: ShiftConfig, context: ProbeContext<ShiftState>): Promise<Survey | undefined> {
  try {
    return await surveyShift(config, context.saved, context);
  } catch (error) {
    if (isStepError(error) && config['only-down'] === true) return undefined;
    throw error;
  }
}

/** Saves the previous weights, sets the new ones, reads them back, and measures which share the candidate is served. */
export async function runShift(config: ShiftConfig, context: RunContext<ShiftState>): Promise<ShiftOutputs> {
  return config['only-down'] === true ? lower(config, context) : move(config, context);
}

async function lower(config: ShiftConfig, context: RunContext<ShiftState>): Promise<ShiftOutputs> {
  const router = await config.router.open(context);
  const guard = guardOf(router, leftAt(router, context.left), context);
  return rollBack(router, { candidate: config.candidate, weights: weightsAsNamed(config), guard }, async () => {
    const survey = await surveyShift(config, context.saved, context);
    const { weights } = await lowerWeights(survey.router, survey.sides.candidate, survey.wanted, guard);
    return reportShift(survey, weights);
  });
}

async function move(config: ShiftConfig, context: RunContext<ShiftState>): Promise<ShiftOutputs> {
  const survey = await surveyShift(config, context.saved, context);
  refuseForeignWeights(config, survey, context);
  await untilServed(survey.router, survey.wanted, survey.reading, context);
  const { router, sides, reading, wanted, previous } = survey;
  // A second attempt must not take its own half-done work for the previous weights.
  const weights = context.saved?.weights ?? reading.weights;
  const change = { router: router.name, weights, wanted };
  await context.saveState(change);
  const written = survey.isDone ? reading : await router.write(wanted, reading);
  refuseForeignChange(router, wanted, written, written);
  await context.saveState({ ...change, written: true });
  const share = await measureShare({ router, candidate: sides.candidate, written, asked: config.weight, previous }, context);
  const now = await router.read();
  refuseForeignChange(router, wanted, written, now);
  if (share === undefined) {
    await untilServed(router, wanted, now, context);
    context.log(`The served share was not measured: ${router.measure === undefined ? `${router.name} does not count requests` : 'too few requests'}.`);
  }
  return reportShift(survey, wanted, share);
}

/**
 * Refuses to write over the changes of others, unless a person has decided so, and records what is left before and after each write: also
 * of a dead router, for its next start.
 */
function guardOf(
  { name: router }: Router,
  left: ShiftState | undefined,
  { overwrite, saveState }: Pick<RunContext<ShiftState>, 'overwrite' | 'saveState'>,
): WriteGuard {
  let change = left;
  return {
    async before(keeper, reading, wanted) {
      if (!overwrite) refuseChangeByOthers(keeper, change, reading);
      change = { router, weights: reading.weights, wanted };
      await saveState(change);
    },
    async after() {
      if (change !== undefined) await saveState({ ...change, written: true });
    },
  };
}

/** What the step reports when the weights are `now`. */
function reportShift({ sides, previous }: Survey, now: SideWeights, share?: ServedShare): ShiftOutputs {
  const weight = weightOf(sides.candidate, now);
  return { weight, previous, share: share === undefined ? 'not-measured' : printServed(share), moved: weight !== previous };
}

const printServed = ({ requests, of }: ServedShare) => printPercent(Number(((100 * requests) / of).toFixed(1)));

/**
 * Restores the saved weights, unless that would raise the candidate, or somebody else has changed them. Never waits until the share is
 * served.
 */
export async function rollbackShift(config: ShiftConfig, context: AutomaticRollbackContext<ShiftState, ShiftOutputs>): Promise<void> {
  if (context.saved === undefined) return;
  const previous = context.saved.weights;
  const router = await config.router.open(context);
  const guard = guardOf(router, leftAt(router, context.left, context.saved), context);
  const { candidate, weights } = await rollBack(router, { candidate: config.candidate, weights: previous, guard }, async () => {
    const sides = findSides(config, router, await router.read());
    return { ...sides, ...(await lowerWeights(router, sides.candidate, previous, guard)) };
  });
  const [now, before] = [weightOf(candidate, weights), weightOf(candidate, previous)];
  const rest = now < before ? `; it had ${printPercent(before)} before, but a rollback never raises it` : '';
  context.log(`${candidate} has ${printPercent(now)} of ${router.name}${rest}.`);
}
