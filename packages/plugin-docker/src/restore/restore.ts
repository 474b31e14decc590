import { defineStep, plannedText, Type, unknownUntilRun, type Static } from 'relpipe/plugin';
import { engine, stringOrNull, volumeName } from '../schemas.ts';

/** `with` of `docker.restore`. */
const restoreConfig = Type.Object(
  {
    backup: Type.String({ minLength: 1, description: 'Folder of one backup: `folder` of `docker.backup`' }),
    volumes: Type.Optional(
      Type.Record(volumeName, volumeName, {
        additionalProperties: false,
        minProperties: 1,
        description: 'Volumes of the backup, and the volumes to restore them into, e.g. `{ shop_data: shop_data }`; default: all, under their own names',
      }),
    ),
    engine: Type.Optional(engine),
  },
  { additionalProperties: false },
);
export type RestoreSchema = typeof restoreConfig;
export type RestoreConfig = Static<RestoreSchema>;

const restored = Type.Object({
  volumes: Type.Array(Type.String(), { description: 'The restored volumes' }),
  created: Type.String({ description: 'Time of the backup, ISO 8601' }),
  commit: stringOrNull('Git commit at that time'),
  tag: stringOrNull('Git tag at that commit'),
});
export type Restored = Static<typeof restored>;

/** Saved before a volume is emptied. */
const restoreState = Type.Object({
  key: Type.String({ description: 'On the containers with which volumes are read and filled' }),
  previous: stringOrNull('Folder with a backup of the previous contents; null when there were none'),
  newVolumes: Type.Array(Type.String(), { description: 'Volumes that did not exist before' }),
});
export type RestoreState = Static<typeof restoreState>;

const impl = () => import('./restore.impl.ts');

/** `docker.restore`: volumes as they were at a backup; their previous contents are kept, and brought back by the rollback. */
export const restore = defineStep({
  summary: 'Restores named volumes from a backup',
  with: restoreConfig,
  outputs: restored,
  state: restoreState,
  onLost: 'probe',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config) => ({
    change: `replace the contents of volumes with those of ${plannedText(config.backup)}`,
    rollback: 'restores the previous contents, which are backed up first',
    unknownUntilRun: unknownUntilRun(config),
  }),
  probe: async (config, context) => (await impl()).probe(config, context),
  run: async (config, context) => (await impl()).run(config, context),
  rollback: { run: async (config, context) => (await impl()).rollback(config, context) },
});
