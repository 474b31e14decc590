import { Type, type Static } from 'relpipe/plugin';
import { engineOption } from '../cli/engine-option.ts';
import { logins } from '../credentials/logins.ts';
import { taggedReference } from '../reference/image-reference.ts';
import { tagChange } from '../tag/tag-change.ts';
import { textOrNull } from '../text-or-null.ts';

/** `with` of `docker.push`. */
export const pushConfig = Type.Object(
  {
    image: taggedReference('Where it goes, e.g. `ghcr.io/acme/engine:1.4.0`'),
    source: Type.Optional(
      Type.String({
        pattern: '^(oci|docker-daemon):.+$',
        description: "`source` of `docker.build`: `oci:FOLDER` or `docker-daemon:IMAGE`; default: the engine's image of this name",
      }),
    ),
    engine: Type.Optional(engineOption),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type PushConfig = Static<typeof pushConfig>;

export const pushed = Type.Object({
  image: Type.String({ description: 'The image by its digest: what the steps that follow should use' }),
  digest: Type.String({ description: 'What the tag points at now' }),
  former: textOrNull('What it pointed at before; null for a new tag'),
  pushed: Type.Boolean({ description: 'Whether anything was pushed; false when the tag pointed at this image already' }),
});
export type Pushed = Static<typeof pushed>;

/** Saved before the push. */
export const pushState = Type.Object({
  ...tagChange.properties,
  id: textOrNull("The engine's ID of the image; null for one from the disk"),
});
export type PushState = Static<typeof pushState>;
