import { defineStep, plannedText, unknownUntilRun } from 'relpipe/plugin';
import { restoreConfig, restored, restoreState } from './restore-config.ts';

/** `docker.restore`: volumes as they were at a backup; what was in them is kept, and put back by the rollback. */
export const restore = defineStep({
  summary: 'Puts named volumes back as a backup has them',
  with: restoreConfig,
  outputs: restored,
  state: restoreState,
  onLost: 'probe',
  verify: async (config, context) => (await import('./verify-restore.ts')).verifyRestore(config, context),
  preview: async (config) => ({
    change: `make volumes again as ${plannedText(config.backup)} has them`,
    rollback: 'puts back what was in them, which is backed up before',
    unknownUntilRun: unknownUntilRun(config),
  }),
  probe: async (config, context) => (await import('./probe-restore.ts')).probeRestore(config, context),
  run: async (config, context) => (await import('./run-restore.ts')).runRestore(config, context),
  rollback: { run: async (config, context) => (await import('./rollback-restore.ts')).rollbackRestore(config, context) },
});
