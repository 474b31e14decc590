import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseJson, StepError, Type, type Static } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { volumeKind } from '../volume/volumes.ts';
import { textOrNull } from '../text-or-null.ts';

export const recordFile = 'backup.json';

const archive = Type.Object({
  volume: Type.String(),
  file: Type.String({ pattern: '^[a-zA-Z0-9._-]+$', description: 'Beside this record' }),
  sha256: Type.String({ description: 'Of the file' }),
  bytes: Type.Integer(),
  entries: Type.Integer({ description: 'Files, folders and links' }),
  contents: Type.String({ description: 'sha256 over what is in the volume' }),
  kind: volumeKind,
});
export type Archive = Static<typeof archive>;

/** What lies beside the archives of a backup, written last: a backup without it is none. */
const backupRecord = Type.Object({
  format: Type.Literal(1),
  created: Type.String({ description: 'ISO 8601, UTC' }),
  commit: textOrNull('Of the repository the pipeline lies in'),
  tag: textOrNull('At that commit'),
  key: Type.String({ description: 'Run and step' }),
  volumes: Type.Array(archive, { minItems: 1 }),
});
export type BackupRecord = Static<typeof backupRecord>;

/** The record in a folder; undefined where there is none, or another kind of file. */
export async function readRecord(folder: string): Promise<BackupRecord | undefined> {
  const bytes = await readFile(join(folder, recordFile)).catch(() => undefined);
  const record = bytes && parseJson(bytes);
  return Value.Check(backupRecord, record) ? record : undefined;
}

/** The record of a backup whose files are what they were. @throws {StepError} `DOCKER_BACKUP_MISSING`, `DOCKER_BACKUP_DAMAGED` */
export async function openBackup(folder: string): Promise<BackupRecord> {
  const record = await readRecord(folder);
  if (!record) throw new StepError('DOCKER_BACKUP_MISSING', `${folder} holds no backup.`, { hint: 'Name the folder with backup.json in it.' });
  for (const { file, sha256 } of record.volumes) {
    if ((await sha256Of(join(folder, file))) === sha256) continue;
    throw new StepError('DOCKER_BACKUP_DAMAGED', `${join(folder, file)} is not what was backed up.`, { hint: 'Take another backup.' });
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
