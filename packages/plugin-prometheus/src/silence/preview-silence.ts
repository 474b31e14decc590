import { isFullyKnown, unknownUntilRun, type PlannedConfig, type Preview } from 'relpipe/plugin';
import { silenceConfig } from './silence-config.ts';

export async function previewSilence(config: PlannedConfig<typeof silenceConfig>): Promise<Preview> {
  const undo = 'ends the silence';
  if (isFullyKnown<typeof silenceConfig>(config)) {
    return { change: `silence ${config.matchers.join(', ')} for ${config.for / 60_000} min: ${config.reason}`, rollback: undo };
  }
  return { change: 'silence alerts', rollback: undo, unknownUntilRun: unknownUntilRun(config) };
}
