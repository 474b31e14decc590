import { resolve } from 'node:path';
import type { RollbackContext } from 'relpipe/plugin';
import { openBackup } from '../backup/backup-record.ts';
import { removeHelpers } from '../volume/remove-helpers.ts';
import { findVolume, removeVolume } from '../volume/volumes.ts';
import { refuseUsed, replaceVolume } from './replace-volume.ts';
import type { Restored, RestoreConfig, RestoreState } from './restore-config.ts';
import { targetsOf } from './targets-of.ts';

/** Puts back what was in the volumes before, and removes those that were new. Twice is once: what is so already is left alone. @throws {StepError} */
export async function rollbackRestore(config: RestoreConfig, context: RollbackContext<RestoreState, Restored>): Promise<void> {
  const { saved, workdir } = context;
  if (!saved) return; // Nothing was touched.
  const cli = { context, engine: config.engine };
  await removeHelpers(saved.key, cli);
  for (const volume of saved.fresh) {
    if (!(await findVolume(volume, cli))) continue;
    await refuseUsed(volume, cli);
    await removeVolume(volume, cli);
  }
  if (saved.former === null) return;
  const folder = resolve(workdir, saved.former);
  for (const target of targetsOf({}, folder, await openBackup(folder))) await replaceVolume(target, saved.key, cli);
}
