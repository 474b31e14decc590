import { join } from 'node:path';
import { StepError } from 'relpipe/plugin';
import type { BackupRecord } from '../backup/backup-record.ts';
import type { RestoreConfig, Target } from './restore-config.ts';

/** Which archive goes into which volume. @throws {StepError} `DOCKER_BACKUP_LACKS` */
export function targetsOf({ volumes }: Pick<RestoreConfig, 'volumes'>, folder: string, record: BackupRecord): readonly Target[] {
  const wanted = volumes ?? Object.fromEntries(record.volumes.map(({ volume }) => [volume, volume]));
  return Object.entries(wanted).map(([from, volume]) => {
    const archive = record.volumes.find((one) => one.volume === from);
    if (archive) return { volume, file: join(folder, archive.file), contents: archive.contents, kind: archive.kind };
    const there = record.volumes.map((one) => one.volume).join(', ');
    throw new StepError('DOCKER_BACKUP_LACKS', `${folder} has no volume ${from}.`, { hint: `It has: ${there}.` });
  });
}
