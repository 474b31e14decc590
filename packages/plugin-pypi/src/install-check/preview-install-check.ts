import { plannedText, unknownUntilRun, type PlannedConfig, type Preview } from 'relpipe/plugin';
import type { installCheckConfig } from './install-check-config.ts';

/** A temporary folder is all it makes. */
export async function previewInstallCheck(config: PlannedConfig<typeof installCheckConfig>): Promise<Preview> {
  const release = `${plannedText(config.project)} ${plannedText(config.version)}`;
  return { change: `nothing: installs ${release} into an environment that is removed again`, unknownUntilRun: unknownUntilRun(config) };
}
