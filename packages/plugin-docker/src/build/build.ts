import { defineStep, plannedText, Type, unknownUntilRun, type Static } from 'relpipe/plugin';
import { taggedReference } from '../image/reference.ts';
import { engine, logins, platform, stringMap } from '../schemas.ts';

const settings = (description: string) =>
  Type.Record(Type.String({ pattern: '^[^=\\s]+$' }), Type.String(), { additionalProperties: false, description });

/** `with` of `docker.build`. */
const buildConfig = Type.Object(
  {
    context: Type.Optional(
      Type.String({ minLength: 1, description: 'Folder with the files of the image, from the folder of the pipeline file; default `.`' }),
    ),
    file: Type.Optional(Type.String({ minLength: 1, description: 'From the context; default `Dockerfile`' })),
    tag: taggedReference('The name of the image, e.g. `ghcr.io/acme/engine:1.4.0`'),
    target: Type.Optional(
      Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]*$', description: 'Stage of the Dockerfile to build; default: its last' }),
    ),
    args: Type.Optional(settings('Build arguments. They can be read from the image: never pass a secret')),
    labels: Type.Optional(settings('Labels, e.g. `org.opencontainers.image.version`')),
    platforms: Type.Optional(
      Type.Array(platform, {
        minItems: 1,
        uniqueItems: true,
        description: "e.g. `[linux/amd64, linux/arm64]`; default: the engine's own",
      }),
    ),
    builder: Type.Optional(
      Type.Union([Type.Literal('docker'), Type.Literal('buildx'), Type.Literal('buildah')], {
        description: 'Default: `docker` for one platform; for several `buildx` where it is installed, else `buildah`',
      }),
    ),
    engine: Type.Optional(engine),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type BuildSchema = typeof buildConfig;
export type BuildConfig = Static<BuildSchema>;

const built = Type.Object({
  source: Type.String({ description: '`source` for `docker.push`: `docker-daemon:sha256:…` in the engine, `oci:FOLDER` on the disk' }),
  image: Type.String({ description: 'The name it was given' }),
  digest: Type.String({
    description: "Digest of the content: for `oci:` the one the registry will have, for `docker-daemon:` the engine's image ID",
  }),
  platforms: Type.Array(Type.String(), { description: 'e.g. `linux/amd64`' }),
  labels: stringMap('Labels of the first platform, including those of its base image'),
});
export type Built = Static<typeof built>;

const impl = () => import('./build.impl.ts');

/** `docker.build`: into the engine, or for several platforms into an OCI layout, whose digest is the one the registry will have. */
export const build = defineStep({
  summary: 'Builds an image, for one platform or several',
  with: buildConfig,
  outputs: built,
  // Nobody uses the image until a later step publishes it.
  rollback: 'nothing',
  onLost: 'retry',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config) => ({
    change: `build ${plannedText(config.tag)} from ${plannedText(config.context ?? '.')}`,
    rollback: 'nothing to roll back: nobody uses the image yet',
    unknownUntilRun: unknownUntilRun(config),
  }),
  run: async (config, context) => (await impl()).run(config, context),
});
