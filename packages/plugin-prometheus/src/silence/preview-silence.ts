import { isLater, isSettled, type PlannedConfig, type Preview } from 'relpipe/plugin';
import { silenceConfig } from './silence-config.ts';

export async function previewSilence(config: PlannedConfig<typeof silenceConfig>): Promise<Preview> {
  const undo = 'ends the silence';
  if (isSettled<typeof silenceConfig>(config)) {
    return { change: `silence ${config.matchers.join(', ')} for ${config.for / 60_000} min: ${config.reason}`, undo };
  }
  const unknownUntilRun = Object.entries(config).flatMap(([name, value]) => (isLater(value) ? [name] : []));
  return { change: 'silence alerts', undo, unknownUntilRun };
}
