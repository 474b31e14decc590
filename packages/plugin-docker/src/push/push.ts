import { defineStep, Type, type Static } from 'relpipe/plugin';
import { taggedReference } from '../image/reference.ts';
import { engine, logins, stringOrNull } from '../schemas.ts';
import { tagChange } from '../tag/tag-change.ts';

/** `with` of `docker.push`. */
const pushConfig = Type.Object(
  {
    image: taggedReference('The tag to push to, e.g. `ghcr.io/acme/engine:1.4.0`'),
    source: Type.Optional(
      Type.String({
        pattern: '^(oci|docker-daemon):.+$',
        description: "`source` of `docker.build`: `oci:FOLDER` or `docker-daemon:IMAGE`; default: the engine's image of this name",
      }),
    ),
    engine: Type.Optional(engine),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type PushSchema = typeof pushConfig;
export type PushConfig = Static<PushSchema>;

const pushed = Type.Object({
  image: Type.String({ description: 'The image by its digest, for the steps that follow' }),
  digest: Type.String({ description: 'Digest that the tag points at now' }),
  previous: stringOrNull('Digest that it pointed at before; null for a new tag'),
  pushed: Type.Boolean({ description: 'Whether anything was pushed; false when the tag pointed at this image already' }),
});
export type Pushed = Static<typeof pushed>;

/** Saved before the push. */
const pushState = Type.Object({
  ...tagChange.properties,
  id: stringOrNull("The engine's ID of the image; null for one from the disk"),
});
export type PushState = Static<typeof pushState>;

const impl = () => import('./push.impl.ts');

/** `docker.push`: from the engine through the docker CLI, from an OCI layout through the registry's API. */
export const push = defineStep({
  summary: 'Pushes an image, unless its tag points at it already',
  with: pushConfig,
  outputs: pushed,
  state: pushState,
  onLost: 'probe',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config, context) => (await impl()).preview(config, context),
  probe: async (config, context) => (await impl()).probe(config, context),
  run: async (config, context) => (await impl()).run(config, context),
  rollback: { run: async (config, context) => (await impl()).rollback(config, context) },
});
