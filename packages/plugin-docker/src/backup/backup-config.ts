import { Type, type Static } from 'relpipe/plugin';
import { engineOption } from '../cli/engine-option.ts';
import { textOrNull } from '../text-or-null.ts';

export const volumeName = Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]+$', description: 'As `docker volume ls` shows it' });

/** `with` of `docker.backup`. */
export const backupConfig = Type.Object(
  {
    volumes: Type.Array(volumeName, { minItems: 1, uniqueItems: true, description: 'Names as `docker volume ls` shows them' }),
    to: Type.String({ minLength: 1, description: 'Folder of all backups, from the folder of the pipeline file' }),
    'keep-days': Type.Optional(
      Type.Integer({ minimum: 1, description: 'Backups of the same volumes that are older are removed, never the last good one; default: all are kept' }),
    ),
    engine: Type.Optional(engineOption),
  },
  { additionalProperties: false },
);
export type BackupConfig = Static<typeof backupConfig>;

export const backedUp = Type.Object({
  folder: Type.String({ description: 'This backup: what `docker.restore` takes' }),
  digests: Type.Record(Type.String(), Type.String(), { description: 'sha256 of the archive by volume' }),
  bytes: Type.Integer({ description: 'Of all archives' }),
  commit: textOrNull('Git commit'),
  tag: textOrNull('Git tag at this commit'),
  removed: Type.Array(Type.String(), { description: 'Backups that were older than `keep-days`' }),
});
export type BackedUp = Static<typeof backedUp>;

/** Saved before anything is read. */
export const backupState = Type.Object({ folder: Type.String() });
export type BackupState = Static<typeof backupState>;
