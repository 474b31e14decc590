import { plannedText, unknownUntilRun, type PlannedConfig, type Preview } from 'relpipe/plugin';
import type { chooseRollbackConfig } from './choose-rollback-config.ts';

/** It changes nothing. */
export async function previewChooseRollback(config: PlannedConfig<typeof chooseRollbackConfig>): Promise<Preview> {
  const { project, version, target } = config;
  const what = target === undefined ? 'chooses the version before' : `checks that ${plannedText(target)} is a way back from`;
  return { change: `nothing: ${what} ${plannedText(project)} ${plannedText(version)}`, unknownUntilRun: unknownUntilRun(config) };
}
