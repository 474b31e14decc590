import { isLater, plannedText, unknownUntilRun, type PlannedConfig, type Preview } from 'relpipe/plugin';
import { indexToRead } from '../settings/index-to-read.ts';
import type { waitConfig } from './wait-config.ts';

/** It changes nothing; it says what is waited for, and where. */
export async function previewWait(config: PlannedConfig<typeof waitConfig>): Promise<Preview> {
  const { project, version, index } = config;
  const where = isLater(index) ? plannedText(index) : (await indexToRead(index, process.env)).url;
  return {
    change: `nothing: waits until ${plannedText(project)} ${plannedText(version)} is visible on ${where}`,
    unknownUntilRun: unknownUntilRun(config),
  };
}
