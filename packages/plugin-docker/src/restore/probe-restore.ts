import { resolve } from 'node:path';
import type { Probe, ProbeContext } from 'relpipe/plugin';
import { openBackup } from '../backup/backup-record.ts';
import { contentsOf } from '../volume/read-volume.ts';
import { findVolume } from '../volume/volumes.ts';
import type { Restored, RestoreConfig, RestoreState } from './restore-config.ts';
import { reportRestore } from './run-restore.ts';
import { targetsOf } from './targets-of.ts';

/** Whether every volume holds what the backup has. Restoring what is half restored is what a further attempt does. */
export async function probeRestore(config: RestoreConfig, context: ProbeContext<RestoreState>): Promise<Probe<Restored>> {
  if (!context.saved) return { found: 'not-done' };
  const cli = { context, engine: config.engine };
  const folder = resolve(context.workdir, config.backup);
  const record = await openBackup(folder);
  const targets = targetsOf(config, folder, record);
  for (const { volume, contents } of targets) {
    if (!(await findVolume(volume, cli))) return { found: 'not-done' };
    if ((await contentsOf(volume, context.saved.key, cli)).sha256 !== contents) return { found: 'not-done' };
  }
  return { found: 'done', output: reportRestore(targets, record) };
}
