import { defineStep, Type, type Static } from 'relpipe/plugin';
import { imageReference, taggedReference } from '../image/reference.ts';
import { logins, stringOrNull } from '../schemas.ts';
import { tagChange } from '../tag/tag-change.ts';

/** `with` of `docker.promote`. */
const promoteConfig = Type.Object(
  {
    from: imageReference('The image, e.g. `ghcr.io/acme/engine:1.4.0` or `ghcr.io/acme/engine@sha256:…`'),
    to: taggedReference('Tag that will point at it, e.g. `ghcr.io/acme/engine:stable`; also in another repository or registry'),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type PromoteSchema = typeof promoteConfig;
export type PromoteConfig = Static<PromoteSchema>;

const promoted = Type.Object({
  image: Type.String({ description: 'The image by its digest, e.g. `ghcr.io/acme/engine@sha256:…`' }),
  digest: Type.String({ description: 'Digest that the tag points at now' }),
  previous: stringOrNull('Digest that it pointed at before; null for a new tag'),
  uploaded: Type.Integer({
    description: 'Bytes of layers that had to be copied: 0 within a repository, and when the registry mounts them',
  }),
  referrers: Type.Integer({ description: 'Signatures, attestations and the like that were copied along' }),
});
export type Promoted = Static<typeof promoted>;

const impl = () => import('./promote.impl.ts');

/**
 * `docker.promote`: gives an image of a repository a further tag through the registry's API. The manifest's bytes stay the
 * same, so the digest and all signatures stay valid, and no layer moves.
 */
export const promote = defineStep({
  summary: 'Gives an image a new tag: same manifest bytes, same digest, no layer moves',
  with: promoteConfig,
  outputs: promoted,
  state: tagChange,
  onLost: 'probe',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config, context) => (await impl()).preview(config, context),
  probe: async (config, context) => (await impl()).probe(config, context),
  run: async (config, context) => (await impl()).run(config, context),
  rollback: { run: async (config, context) => (await impl()).rollback(config, context) },
});
