import { join, relative, resolve } from 'node:path';
import type { RunContext } from 'relpipe/plugin';
import { shortKey } from '../container/own-label.ts';
import type { BackedUp, BackupConfig, BackupState } from './backup-config.ts';
import { openBackup, readRecord } from './backup-record.ts';
import { removeExpired } from './remove-expired.ts';
import { reportBackup } from './report-backup.ts';
import { writeBackup } from './write-backup.ts';

const dayMs = 86_400_000;

/** Backs the volumes up, proves it, and only then removes what is too old. @throws {StepError} */
export async function runBackup(config: BackupConfig, context: RunContext<BackupState>): Promise<BackedUp> {
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
  return reportBackup(state.folder, record, removed.map((one) => relative(workdir, one)));
}
