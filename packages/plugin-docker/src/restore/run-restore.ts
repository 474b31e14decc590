import { rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { RunContext } from 'relpipe/plugin';
import { openBackup, type BackupRecord } from '../backup/backup-record.ts';
import { writeBackup } from '../backup/write-backup.ts';
import type { Cli } from '../cli/docker.ts';
import { shortKey } from '../container/own-label.ts';
import { removeHelpers } from '../volume/remove-helpers.ts';
import { findVolume } from '../volume/volumes.ts';
import { refuseUsed, replaceVolume } from './replace-volume.ts';
import type { Restored, RestoreConfig, RestoreState } from './restore-config.ts';
import { targetsOf } from './targets-of.ts';

/** Puts a backup back, after backing up what is there now. @throws {StepError} */
export async function runRestore(config: RestoreConfig, context: RunContext<RestoreState>): Promise<Restored> {
  const cli = { context, engine: config.engine };
  const key = context.saved?.key ?? shortKey(context.idempotencyKey);
  const folder = resolve(context.workdir, config.backup);
  const record = await openBackup(folder);
  const targets = targetsOf(config, folder, record);
  await removeHelpers(key, cli);
  for (const { volume } of targets) await refuseUsed(volume, cli);
  // A second attempt must not take half a restored volume for the former one.
  const state = context.saved ?? (await keepFormer(targets.map(({ volume }) => volume), key, cli));
  await context.saveState(state);
  for (const target of targets) await replaceVolume(target, key, cli);
  return reportRestore(targets, record);
}

export const reportRestore = (targets: readonly { readonly volume: string }[], { created, commit, tag }: BackupRecord): Restored => ({
  volumes: targets.map(({ volume }) => volume),
  created,
  commit,
  tag,
});

async function keepFormer(volumes: readonly string[], key: string, cli: Cli): Promise<RestoreState> {
  const { workdir } = cli.context;
  const present: string[] = [];
  for (const volume of volumes) if (await findVolume(volume, cli)) present.push(volume);
  const fresh = volumes.filter((volume) => !present.includes(volume));
  if (present.length === 0) return { key, former: null, fresh };
  const folder = join(resolve(workdir, '.relpipe', 'volumes'), key);
  await rm(folder, { recursive: true, force: true });
  await writeBackup(folder, present, key, cli);
  return { key, former: relative(workdir, folder), fresh };
}
