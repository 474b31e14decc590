import { isFullyKnown, unknownUntilRun, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { openPlace } from './open-place.ts';
import { pushConfig } from './push-config.ts';

export async function previewPush(config: PlannedConfig<typeof pushConfig>, context: ReadContext): Promise<Preview> {
  if (!isFullyKnown<typeof pushConfig>(config)) {
    return { change: 'push metrics', rollback: 'puts back what was there, or removes what was new', unknownUntilRun: unknownUntilRun(config) };
  }
  const place = openPlace(config, context);
  const names = [...new Set(config.metrics.map(({ name }) => name))].join(', ');
  const isThere = (await place.read()) !== undefined;
  return { change: `put ${names} into ${place.name}`, rollback: isThere ? 'puts back what was there' : 'removes it' };
}
