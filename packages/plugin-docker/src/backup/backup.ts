import { defineStep, isLater, plannedText, unknownUntilRun } from 'relpipe/plugin';
import { backedUp, backupConfig, backupState } from './backup-config.ts';

/** `docker.backup`: named volumes into `tar.gz`, each proven by restoring it. */
export const backup = defineStep({
  summary: 'Backs named volumes up, and proves it by restoring them into a scratch volume',
  with: backupConfig,
  outputs: backedUp,
  state: backupState,
  // One backup more is what somebody wants whose release has failed.
  rollback: 'nothing',
  onLost: 'probe',
  verify: async (config, context) => (await import('./verify-backup.ts')).verifyBackup(config, context),
  preview: async (config) => ({
    change: `back up ${isLater(config.volumes) ? plannedText(config.volumes) : config.volumes.map(plannedText).join(', ')} to ${plannedText(config.to)}`,
    rollback: 'nothing has to be undone: the backup stays',
    unknownUntilRun: unknownUntilRun(config),
  }),
  probe: async (config, context) => (await import('./probe-backup.ts')).probeBackup(config, context),
  run: async (config, context) => (await import('./run-backup.ts')).runBackup(config, context),
});
