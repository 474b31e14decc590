import { isFullyKnown, unknownUntilRun, type PlannedConfig, type Preview } from 'relpipe/plugin';
import { rulesConfig } from './rules-config.ts';

export async function previewRules(config: PlannedConfig<typeof rulesConfig>): Promise<Preview> {
  const undo = 'puts back what was in the file, or removes it';
  if (isFullyKnown<typeof rulesConfig>(config)) return { change: `write alert rules into ${config.file}, and load them`, rollback: undo };
  return { change: 'write alert rules, and load them', rollback: undo, unknownUntilRun: unknownUntilRun(config) };
}
