import { isLater, type PlannedConfig, type Preview } from 'relpipe/plugin';
import { packageIndex } from '../simple-api/package-index.ts';
import type { waitConfig } from './wait-config.ts';

/** It changes nothing; it says what is waited for, and where. */
export function previewWait(config: PlannedConfig<typeof waitConfig>): Preview {
  const text = (value: unknown) => (isLater(value) ? `(${value.$later})` : String(value));
  const index = isLater(config.index) ? text(config.index) : packageIndex(config.index, process.env).url;
  const unknown = Object.entries(config).flatMap(([name, value]) => (isLater(value) ? [name] : []));
  return {
    change: `nothing: waits until ${text(config.project)} ${text(config.version)} is visible on ${index}`,
    ...(unknown.length > 0 && { unknownUntilRun: unknown }),
  };
}
