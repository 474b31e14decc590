import { isFullyKnown, plannedText, unknownUntilRun, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import type { composeConfig } from './compose-config.ts';
import { openCompose } from './open-compose.ts';

/** Which images run now. */
export async function previewCompose(config: PlannedConfig<typeof composeConfig>, context: ReadContext): Promise<Preview> {
  const preview = {
    change: `bring the project ${plannedText(config.project)} up, and wait until it is healthy`,
    unknownUntilRun: unknownUntilRun(config),
  };
  if (!isFullyKnown<typeof composeConfig>(config)) return { ...preview, rollback: 'brings the former images back' };
  const containers = await (await openCompose(config, context, {})).containers();
  if (containers.length === 0) return { ...preview, from: 'nothing', rollback: 'takes the project down; its volumes stay' };
  const from = [...new Set(containers.map((one) => one.Config.Image))].join(', ');
  return { ...preview, from, rollback: 'brings the former images back, and removes services that are new' };
}
