import { isSettled, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { laterOf, textOf } from '../not-settled.ts';
import type { composeConfig } from './compose-config.ts';
import { openCompose } from './open-compose.ts';

/** Which images run now. */
export async function previewCompose(config: PlannedConfig<typeof composeConfig>, context: ReadContext): Promise<Preview> {
  const change = `bring the project ${textOf(config.project)} up, and wait until it is healthy`;
  const unknownUntilRun = laterOf(config);
  if (!isSettled<typeof composeConfig>(config)) return { change, undo: 'brings the former images back', unknownUntilRun };
  const containers = await (await openCompose(config, context, {})).containers();
  if (containers.length === 0) return { change, from: 'nothing', undo: 'takes the project down; its volumes stay', unknownUntilRun };
  const from = [...new Set(containers.map((one) => one.Config.Image))].join(', ');
  return { change, from, undo: 'brings the former images back, and removes services that are new', unknownUntilRun };
}
