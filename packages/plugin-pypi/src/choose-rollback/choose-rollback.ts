import { defineStep } from 'relpipe/plugin';
import { chooseRollbackConfig, chooseRollbackOutputs } from './choose-rollback-config.ts';

/** `pypi.choose-rollback`: finds the version to go back to, or checks the one that is named. */
export const chooseRollback = defineStep({
  summary: 'Chooses the newest stable version before this one that is not yanked, or checks the one that is named',
  with: chooseRollbackConfig,
  outputs: chooseRollbackOutputs,
  rollback: 'nothing',
  onLost: 'retry',
  // Loaded when it is used: reading a pipeline file needs none of it.
  verify: async (config, context) => (await import('./verify-choose-rollback.ts')).verifyChooseRollback(config, context),
  preview: async (config) => (await import('./preview-choose-rollback.ts')).previewChooseRollback(config),
  run: async (config, context) => (await import('./run-choose-rollback.ts')).runChooseRollback(config, context),
});
