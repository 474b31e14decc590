import { resolve } from 'node:path';
import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { openBackup } from '../backup/backup-record.ts';
import { notSettled } from '../not-settled.ts';
import { refuseUsed } from './replace-volume.ts';
import type { restoreConfig } from './restore-config.ts';
import { targetsOf } from './targets-of.ts';

/** Whether the backup is there, whole, and has these volumes; a warning where a volume is still in use. */
export async function verifyRestore(config: PlannedConfig<typeof restoreConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof restoreConfig>(config)) return [notSettled];
  try {
    const folder = resolve(context.workdir, config.backup);
    const targets = targetsOf(config, folder, await openBackup(folder));
    for (const { volume } of targets) await refuseUsed(volume, { context, engine: config.engine });
    return [];
  } catch (error) {
    const finding = findingFrom(error);
    // An earlier step may remove who uses it.
    return [finding.code === 'DOCKER_VOLUME_IN_USE' ? { ...finding, level: 'warning' } : finding];
  }
}
