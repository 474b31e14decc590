import { plannedText, unknownUntilRun, type PlannedConfig, type Preview } from 'relpipe/plugin';
import type { buildConfig } from './build-config.ts';

/** Files in a folder of the project; nothing that anybody else sees. */
export async function previewBuild(config: PlannedConfig<typeof buildConfig>): Promise<Preview> {
  const { project, version, folder = 'dist' } = config;
  return {
    change: `${plannedText(project)} ${plannedText(version)} as files in ${plannedText(folder)}`,
    unknownUntilRun: unknownUntilRun(config),
  };
}
