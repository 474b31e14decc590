import { resolve } from 'node:path';
import { isStepError, type Probe, type ProbeContext } from 'relpipe/plugin';
import type { BackedUp, BackupConfig, BackupState } from './backup-config.ts';
import { openBackup } from './backup-record.ts';
import { reportBackup } from './report-backup.ts';

/** A backup is there when its record is: that is written last. What is old may then be left to the next run. */
export async function probeBackup(_: BackupConfig, { saved, workdir }: ProbeContext<BackupState>): Promise<Probe<BackedUp>> {
  if (!saved) return { found: 'not-done' };
  try {
    return { found: 'done', output: reportBackup(saved.folder, await openBackup(resolve(workdir, saved.folder)), []) };
  } catch (error) {
    if (!isStepError(error)) throw error;
    return error.code === 'DOCKER_BACKUP_MISSING' ? { found: 'not-done' } : { found: 'partly', detail: error.message };
  }
}
