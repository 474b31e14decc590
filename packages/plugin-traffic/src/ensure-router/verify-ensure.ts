import { isFullyKnown, StepError, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { findRouter } from '../router/find-router.ts';
import { defaultHealthCheck, lookAtSide } from '../router/health-check.ts';
import type { RouterSettings } from '../router/settings/router-settings.ts';
import { firstWeights } from '../router/state/first-weights.ts';
import { readState } from '../router/state/state-file.ts';
import { inStepWords } from '../router-kinds/embedded/in-step-words.ts';
import { askedRouter } from './asked-router.ts';
import type { ensureConfig, EnsureConfig } from './ensure-config.ts';
import { refuseOther } from './refuse-other.ts';

/** The router lives as it is asked for, or one can be started: its settings fit, its state file is for these sides, its port is free. */
export async function verifyEnsure(config: PlannedConfig<typeof ensureConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof ensureConfig>(config)) return [notChecked];
  try {
    await inStepWords(() => check(config, context));
    return [];
  } catch (error) {
    return [{ ...findingFrom(error), level: 'error' }];
  }
}

async function check(config: EnsureConfig, context: ReadContext): Promise<void> {
  const asked = askedRouter(config, context);
  const { settings } = asked;
  const found = await findRouter(settings.stateFile, context.signal);
  if (found !== undefined) refuseOther(asked, found);
  else await refuseNoStart(settings, context);
}

async function refuseNoStart(settings: RouterSettings, { clock }: ReadContext): Promise<void> {
  firstWeights(settings, await readState(settings.stateFile), new Date(clock.now()).toISOString());
  await refuseTakenPort(settings);
}

/** By connecting: listening for a moment would be in the way of whoever starts there just then. */
async function refuseTakenPort({ listen: { host, port } }: RouterSettings): Promise<void> {
  if (port === 0) return;
  const silence = await lookAtSide({ url: '', host, port }, defaultHealthCheck);
  if (silence === undefined) throw portTaken(`${host}:${port}`);
}

const portTaken = (place: string) =>
  new StepError('TRAFFIC_ROUTER_NOT_LISTENING', `Something else listens on ${place}, and no router lives on this state file.`, {
    hint: 'End what listens there, give another `listen`, or the `state` of the router that listens there.',
  });

const notChecked: Finding = {
  level: 'warning',
  code: 'TRAFFIC_NOT_CHECKED',
  message: 'No router was looked for: a part of this step is only known when the run gets here.',
};
