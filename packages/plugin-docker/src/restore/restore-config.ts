import { Type, type Static } from 'relpipe/plugin';
import { volumeName } from '../backup/backup-config.ts';
import { engineOption } from '../cli/engine-option.ts';
import { volumeKind } from '../volume/volumes.ts';
import { textOrNull } from '../text-or-null.ts';

/** `with` of `docker.restore`. */
export const restoreConfig = Type.Object(
  {
    backup: Type.String({ minLength: 1, description: 'Folder of one backup: `folder` of `docker.backup`' }),
    volumes: Type.Optional(
      Type.Record(volumeName, volumeName, { additionalProperties: false, minProperties: 1, description: 'Which of its volumes go where, e.g. `{ shop_data: shop_data }`; default: all of them to where they were' }),
    ),
    engine: Type.Optional(engineOption),
  },
  { additionalProperties: false },
);
export type RestoreConfig = Static<typeof restoreConfig>;

export const restored = Type.Object({
  volumes: Type.Array(Type.String(), { description: 'What was restored into' }),
  created: Type.String({ description: 'When the backup was taken, ISO 8601' }),
  commit: textOrNull('Git commit at that time'),
  tag: textOrNull('Git tag at that commit'),
});
export type Restored = Static<typeof restored>;

/** Saved before a volume is emptied. */
export const restoreState = Type.Object({
  key: Type.String({ description: 'On the containers by which volumes are read and filled' }),
  former: textOrNull('Folder with a backup of what was there before; null where nothing was'),
  fresh: Type.Array(Type.String(), { description: 'Volumes that were not there before' }),
});
export type RestoreState = Static<typeof restoreState>;

/** A volume to be filled. */
export interface Target {
  readonly volume: string;
  readonly file: string;
  readonly contents: string;
  readonly kind: Static<typeof volumeKind>;
}
