import { isLater, isFullyKnown, plannedText, unknownUntilRun, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { findRouter } from '../router/find-router.ts';
import { stateFileOf } from './asked-router.ts';
import type { ensureConfig } from './ensure-config.ts';

type PlannedEnsure = PlannedConfig<typeof ensureConfig>;

/** Whether a router is there already, or one is started and on which sides. */
export async function previewEnsure(config: PlannedEnsure, context: ReadContext): Promise<Preview> {
  return {
    change: (await livesNow(config, context)) ? 'leave the router as it is: it runs' : `start a router on ${plannedText(config.listen)} for ${printSides(config.sides)}`,
    rollback: 'goes on running, so that no traffic is lost: relpipe-router stop ends it',
    unknownUntilRun: unknownUntilRun(config),
  };
}

async function livesNow(config: PlannedEnsure, { workdir, signal }: ReadContext): Promise<boolean> {
  return isFullyKnown<typeof ensureConfig>(config) && (await findRouter(stateFileOf(config, workdir), signal)) !== undefined;
}

const printSides = (sides: PlannedEnsure['sides']): string =>
  isLater(sides) ? plannedText(sides) : Object.entries(sides).map(([name, url]) => `${name} (${plannedText(url)})`).join(' and ');
