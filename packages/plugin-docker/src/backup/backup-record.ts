import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StepError, Type, type Static } from 'relpipe/plugin';
import { parseJson, readIfThere } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { stringOrNull } from '../schemas.ts';
import { volumeKind } from '../volume/volumes.ts';

const recordFile = 'backup.json';

const archive = Type.Object({
  volume: Type.String(),
  file: Type.String({ pattern: '^[a-zA-Z0-9._-]+$', description: 'Beside this record' }),
  sha256: Type.String({ description: 'Of the file' }),
  bytes: Type.Integer(),
  entries: Type.Integer({ description: 'Files, folders and links' }),
  contents: Type.String({ description: 'sha256 over the contents of the volume' }),
  kind: volumeKind,
});
export type Archive = Static<typeof archive>;

/** Lies beside the archives of a backup and is written last: without it there is no backup. */
const backupRecord = Type.Object({
  format: Type.Literal(1),
  created: Type.String({ description: 'ISO 8601, UTC' }),
  commit: stringOrNull('Of the repository that contains the pipeline file'),
  tag: stringOrNull('At that commit'),
  key: Type.String({ description: 'Run and step' }),
  volumes: Type.Array(archive, { minItems: 1 }),
});
export type BackupRecord = Static<typeof backupRecord>;

/** The record in a folder; undefined when there is none, or its file has another format. */
export async function readRecord(folder: string): Promise<BackupRecord | undefined> {
  const bytes = await readIfThere(join(folder, recordFile));
  const record = bytes && parseJson(bytes);
  return Value.Check(backupRecord, record) ? record : undefined;
}

export const writeRecord = (folder: string, record: BackupRecord): Promise<void> =>
  writeFile(join(folder, recordFile), `${JSON.stringify(record, undefined, 2)}\n`);

/** The record of a backup whose files are unchanged. @throws {StepError} `DOCKER_BACKUP_MISSING`, `DOCKER_BACKUP_DAMAGED` */
export async function openBackup(folder: string): Promise<BackupRecord> {
  const record = await readRecord(folder);
  if (!record) throw missing(folder);
  for (const { file, sha256 } of record.volumes) {
    if ((await sha256Of(join(folder, file))) !== sha256) throw damaged(join(folder, file));
  }
  return record;
}

async function sha256Of(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  return pipeline(createReadStream(file), hash).then(
    () => hash.digest('hex'),
    () => undefined,
  );
}

const missing = (folder: string) =>
  new StepError('DOCKER_BACKUP_MISSING', `${folder} contains no backup.`, { hint: 'Name the folder that contains backup.json.' });

const damaged = (file: string) =>
  new StepError('DOCKER_BACKUP_DAMAGED', `${file} has changed since the backup.`, { hint: 'Use another backup.' });
