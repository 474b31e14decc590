import { defineStep, isLater, plannedText, Type, unknownUntilRun, type Static } from 'relpipe/plugin';
import { engine, stringMap, stringOrNull, volumeName } from '../schemas.ts';

/** `with` of `docker.backup`. */
const backupConfig = Type.Object(
  {
    volumes: Type.Array(volumeName, { minItems: 1, uniqueItems: true, description: 'Names as `docker volume ls` shows them' }),
    to: Type.String({ minLength: 1, description: 'Folder of all backups, from the folder of the pipeline file' }),
    'keep-days': Type.Optional(
      Type.Integer({
        minimum: 1,
        description: 'Older backups of the same volumes are removed, but never the last good one; default: all are kept',
      }),
    ),
    engine: Type.Optional(engine),
  },
  { additionalProperties: false },
);
export type BackupSchema = typeof backupConfig;
export type BackupConfig = Static<BackupSchema>;

const backedUp = Type.Object({
  folder: Type.String({ description: 'Folder of this backup, for `docker.restore`' }),
  digests: stringMap('sha256 of the archive by volume'),
  bytes: Type.Integer({ description: 'Size of all archives' }),
  commit: stringOrNull('Git commit'),
  tag: stringOrNull('Git tag at this commit'),
  removed: Type.Array(Type.String(), { description: 'Backups that were older than `keep-days`' }),
});
export type BackedUp = Static<typeof backedUp>;

/** Saved before anything is read. */
const backupState = Type.Object({ folder: Type.String() });
export type BackupState = Static<typeof backupState>;

const impl = () => import('./backup.impl.ts');

/** `docker.backup`: named volumes into `tar.gz`, each proven by restoring it. */
export const backup = defineStep({
  summary: 'Backs named volumes up, and proves it by restoring them into a scratch volume',
  with: backupConfig,
  outputs: backedUp,
  state: backupState,
  // After a failed release, a further backup is welcome.
  rollback: 'nothing',
  onLost: 'probe',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config) => {
    const volumes = isLater(config.volumes) ? plannedText(config.volumes) : config.volumes.map(plannedText).join(', ');
    return {
      change: `back up ${volumes} to ${plannedText(config.to)}`,
      rollback: 'nothing to roll back: the backup stays',
      unknownUntilRun: unknownUntilRun(config),
    };
  },
  probe: async (config, context) => (await impl()).probe(config, context),
  run: async (config, context) => (await impl()).run(config, context),
});
