import { rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import {
  isFullyKnown,
  StepError,
  type Finding,
  type PlannedConfig,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RunContext,
  type RollbackContext,
} from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { openBackup, type Archive, type BackupRecord } from '../backup/backup-record.ts';
import { writeBackup } from '../backup/write-backup.ts';
import { notChecked } from '../checks.ts';
import { shortKey } from '../docker/containers.ts';
import type { Cli } from '../docker/docker.ts';
import { contentsOf, fillVolume, removeHelpers } from '../volume/transfer.ts';
import { createVolume, findVolume, removeVolume, usersOf } from '../volume/volumes.ts';
import type { RestoreConfig, Restored, RestoreSchema, RestoreState } from './restore.ts';

/** Whether the backup is complete and has these volumes; a warning if a volume is still in use. */
export async function verify(config: PlannedConfig<RestoreSchema>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<RestoreSchema>(config)) return [notChecked];
  try {
    const folder = resolve(context.workdir, config.backup);
    const targets = targetsOf(config, folder, await openBackup(folder));
    for (const { volume } of targets) await requireUnused(volume, { context, engine: config.engine });
    return [];
  } catch (error) {
    const finding = findingFrom(error);
    // An earlier step may remove the containers that use it.
    return [finding.code === 'DOCKER_VOLUME_IN_USE' ? { ...finding, level: 'warning' } : finding];
  }
}

/** Whether every volume has the contents of the backup. A volume that is half restored is left to a further attempt. */
export async function probe(config: RestoreConfig, context: ProbeContext<RestoreState>): Promise<Probe<Restored>> {
  if (!context.saved) return { found: 'not-done' };
  const cli = { context, engine: config.engine };
  const folder = resolve(context.workdir, config.backup);
  const record = await openBackup(folder);
  const targets = targetsOf(config, folder, record);
  for (const { volume, contents } of targets) {
    if (!(await findVolume(volume, cli))) return { found: 'not-done' };
    if ((await contentsOf(volume, context.saved.key, cli)).sha256 !== contents) return { found: 'not-done' };
  }
  return { found: 'done', output: describe(targets, record) };
}

/** Restores a backup, after backing up the present contents. @throws {StepError} */
export async function run(config: RestoreConfig, context: RunContext<RestoreState>): Promise<Restored> {
  const cli = { context, engine: config.engine };
  const key = context.saved?.key ?? shortKey(context.idempotencyKey);
  const folder = resolve(context.workdir, config.backup);
  const record = await openBackup(folder);
  const targets = targetsOf(config, folder, record);
  await removeHelpers(key, cli);
  for (const { volume } of targets) await requireUnused(volume, cli);
  // A second attempt must not take a volume that is half restored for the previous one.
  const state = context.saved ?? (await keepPrevious(targets.map(({ volume }) => volume), key, cli));
  await context.saveState(state);
  for (const target of targets) await replaceVolume(target, key, cli);
  return describe(targets, record);
}

async function keepPrevious(volumes: readonly string[], key: string, cli: Cli): Promise<RestoreState> {
  const { workdir } = cli.context;
  const present: string[] = [];
  for (const volume of volumes) if (await findVolume(volume, cli)) present.push(volume);
  const newVolumes = volumes.filter((volume) => !present.includes(volume));
  if (present.length === 0) return { key, previous: null, newVolumes };
  const folder = join(resolve(workdir, '.relpipe', 'volumes'), key);
  await rm(folder, { recursive: true, force: true });
  await writeBackup(folder, present, key, cli);
  return { key, previous: relative(workdir, folder), newVolumes };
}

const describe = (targets: readonly Target[], { created, commit, tag }: BackupRecord): Restored => ({
  volumes: targets.map(({ volume }) => volume),
  created,
  commit,
  tag,
});

/** Restores the previous contents, and removes new volumes. A volume that is as it was is left alone, so twice has the effect of once. */
export async function rollback(config: RestoreConfig, context: RollbackContext<RestoreState, Restored>): Promise<void> {
  const { saved, workdir } = context;
  if (!saved) return; // Nothing was changed.
  const cli = { context, engine: config.engine };
  await removeHelpers(saved.key, cli);
  for (const volume of saved.newVolumes) {
    if (!(await findVolume(volume, cli))) continue;
    await requireUnused(volume, cli);
    await removeVolume(volume, cli);
  }
  if (saved.previous === null) return;
  const folder = resolve(workdir, saved.previous);
  for (const target of targetsOf({}, folder, await openBackup(folder))) await replaceVolume(target, saved.key, cli);
}

/** A volume to fill, and the archive for it. */
type Target = Pick<Archive, 'volume' | 'file' | 'contents' | 'kind'>;

/** @throws {StepError} `DOCKER_BACKUP_VOLUME_MISSING` */
function targetsOf({ volumes }: Pick<RestoreConfig, 'volumes'>, folder: string, record: BackupRecord): readonly Target[] {
  const wanted = volumes ?? Object.fromEntries(record.volumes.map(({ volume }) => [volume, volume]));
  return Object.entries(wanted).map(([from, volume]) => {
    const archive = record.volumes.find((one) => one.volume === from);
    if (archive) return { volume, file: join(folder, archive.file), contents: archive.contents, kind: archive.kind };
    const present = record.volumes.map((one) => one.volume).join(', ');
    throw new StepError('DOCKER_BACKUP_VOLUME_MISSING', `${folder} has no volume ${from}.`, { hint: `It has: ${present}.` });
  });
}

/**
 * Creates the volume again with the contents of the archive; one that has them already is left alone.
 * @throws {StepError} `DOCKER_VOLUME_IN_USE`, `DOCKER_RESTORE_MISMATCH`
 */
async function replaceVolume({ volume, file, contents, kind }: Target, key: string, cli: Cli): Promise<void> {
  const present = await findVolume(volume, cli);
  if (present && (await contentsOf(volume, key, cli)).sha256 === contents) return;
  await requireUnused(volume, cli);
  await removeVolume(volume, cli);
  await createVolume(volume, present ?? kind, cli);
  await fillVolume(volume, file, contents, key, cli);
  cli.context.log(`${volume}: restored from ${file}, with the contents that were backed up`);
}

/** A volume can only be emptied by creating it again, and the files of a running container must not change under it. */
async function requireUnused(volume: string, cli: Cli): Promise<void> {
  const users = await usersOf(volume, cli);
  if (users.length === 0) return;
  throw new StepError('DOCKER_VOLUME_IN_USE', `${volume} belongs to ${users.join(', ')}.`, {
    hint: 'Remove these containers first, e.g. with `docker compose down`: volumes stay.',
  });
}
