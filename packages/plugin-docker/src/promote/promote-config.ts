import { Type, type Static } from 'relpipe/plugin';
import { logins } from '../credentials/logins.ts';
import { imageReference, taggedReference } from '../reference/image-reference.ts';
import { textOrNull } from '../text-or-null.ts';

/** `with` of `docker.promote`. */
export const promoteConfig = Type.Object(
  {
    from: imageReference('The image, e.g. `ghcr.io/acme/engine:1.4.0` or `ghcr.io/acme/engine@sha256:…`'),
    to: taggedReference('Tag that will point at it, e.g. `ghcr.io/acme/engine:stable`; in another repository or registry, too'),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type PromoteConfig = Static<typeof promoteConfig>;

export const promoted = Type.Object({
  image: Type.String({ description: 'The image by its digest, e.g. `ghcr.io/acme/engine@sha256:…`' }),
  digest: Type.String({ description: 'What the tag points at now' }),
  former: textOrNull('What it pointed at before; null for a new tag'),
  uploaded: Type.Integer({ description: 'Bytes of layers that had to be copied: 0 within a repository, and where the registry mounts them' }),
  referrers: Type.Integer({ description: 'Signatures, attestations and the like that were copied along' }),
});
export type Promoted = Static<typeof promoted>;
