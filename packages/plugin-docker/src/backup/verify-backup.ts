import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { findContainers, nameOf } from '../container/inspect-containers.ts';
import { findVolume, volumeMissing } from '../volume/volumes.ts';
import type { backupConfig, BackupConfig } from './backup-config.ts';

/** Whether the volumes are there; a warning where something may write to them meanwhile. */
export async function verifyBackup(config: PlannedConfig<typeof backupConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof backupConfig>(config)) return [notSettled];
  const cli = { context, engine: config.engine };
  const { volumes }: BackupConfig = config;
  const findings: Finding[] = [];
  try {
    for (const [n, volume] of volumes.entries()) {
      const at = ['volumes', n];
      if (!(await findVolume(volume, cli))) findings.push({ ...findingFrom(volumeMissing(volume)), at });
      const users = (await findContainers([`volume=${volume}`, 'status=running'], cli)).map(nameOf);
      if (users.length > 0) findings.push(inUse(volume, users, at));
    }
    return findings;
  } catch (error) {
    return [...findings, findingFrom(error)];
  }
}

const inUse = (volume: string, users: readonly string[], at: readonly (string | number)[]): Finding => ({
  level: 'warning',
  code: 'DOCKER_VOLUME_IN_USE',
  at,
  message: `${volume} is in use by ${users.join(', ')}: what they write meanwhile may be half in the backup.`,
  hint: 'Stop or pause them before, or back up what a database dumps.',
});
