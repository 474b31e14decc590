import { join, relative, resolve } from 'node:path';
import {
  isFullyKnown,
  isStepError,
  type Finding,
  type PlannedConfig,
  type Probe,
  type ProbeContext,
  type ReadContext,
  type RunContext,
} from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { notChecked } from '../checks.ts';
import { shortKey } from '../docker/containers.ts';
import { findVolume, runningUsersOf, volumeMissing } from '../volume/volumes.ts';
import { openBackup, readRecord, type BackupRecord } from './backup-record.ts';
import type { BackedUp, BackupConfig, BackupSchema, BackupState } from './backup.ts';
import { removeExpired } from './remove-expired.ts';
import { writeBackup } from './write-backup.ts';

/** Whether the volumes exist; a warning if something may write to them during the backup. */
export async function verify(config: PlannedConfig<BackupSchema>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<BackupSchema>(config)) return [notChecked];
  const cli = { context, engine: config.engine };
  const { volumes }: BackupConfig = config;
  const findings: Finding[] = [];
  try {
    for (const [n, volume] of volumes.entries()) {
      const at = ['volumes', n];
      if (!(await findVolume(volume, cli))) findings.push({ ...findingFrom(volumeMissing(volume)), at });
      const users = await runningUsersOf(volume, cli);
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
  message: `${volume} is in use by ${users.join(', ')}: the backup may contain half of what they write meanwhile.`,
  hint: 'Stop or pause these containers first, or back up a dump of the database.',
});

/** A backup exists when its record does: that is written last. Removing expired backups may be left to the next run. */
export async function probe(_: BackupConfig, { saved, workdir }: ProbeContext<BackupState>): Promise<Probe<BackedUp>> {
  if (!saved) return { found: 'not-done' };
  try {
    return { found: 'done', output: describe(saved.folder, await openBackup(resolve(workdir, saved.folder)), []) };
  } catch (error) {
    if (!isStepError(error)) throw error;
    return error.code === 'DOCKER_BACKUP_MISSING' ? { found: 'not-done' } : { found: 'partly', detail: error.message };
  }
}

const dayMs = 86_400_000;

/** Backs the volumes up, proves it, and only then removes expired backups. @throws {StepError} */
export async function run(config: BackupConfig, context: RunContext<BackupState>): Promise<BackedUp> {
  const { workdir, saved, clock, idempotencyKey } = context;
  const key = shortKey(idempotencyKey);
  const place = resolve(workdir, config.to);
  const stamp = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  const state = saved ?? { folder: relative(workdir, join(place, `${stamp}-${key}`)) };
  await context.saveState(state);
  const folder = resolve(workdir, state.folder);
  const cli = { context, engine: config.engine };
  const record = (await readRecord(folder)) ? await openBackup(folder) : await writeBackup(folder, config.volumes, key, cli);
  const days = config['keep-days'];
  const removed = days === undefined ? [] : await removeExpired(place, record, days * dayMs, context);
  return describe(state.folder, record, removed.map((one) => relative(workdir, one)));
}

const describe = (folder: string, { volumes, commit, tag }: BackupRecord, removed: readonly string[]): BackedUp => ({
  folder,
  digests: Object.fromEntries(volumes.map(({ volume, sha256 }) => [volume, sha256])),
  bytes: volumes.reduce((sum, { bytes }) => sum + bytes, 0),
  commit,
  tag,
  removed: [...removed],
});
