import { Type, type Static } from 'relpipe/plugin';
import { engineOption } from '../cli/engine-option.ts';
import { logins } from '../credentials/logins.ts';
import { taggedReference } from '../reference/image-reference.ts';

const texts = (description: string) => Type.Record(Type.String({ pattern: '^[^=\\s]+$' }), Type.String(), { additionalProperties: false, description });

/** `with` of `docker.build`. */
export const buildConfig = Type.Object(
  {
    context: Type.Optional(Type.String({ minLength: 1, description: "Folder with the image's files, from the folder of the pipeline file; default `.`" })),
    file: Type.Optional(Type.String({ minLength: 1, description: 'From the context; default `Dockerfile`' })),
    tag: taggedReference('The name the image will have, e.g. `ghcr.io/acme/engine:1.4.0`'),
    target: Type.Optional(Type.String({ pattern: '^[a-zA-Z0-9][a-zA-Z0-9_.-]*$', description: 'Stage of the Dockerfile to build; default: its last' })),
    args: Type.Optional(texts('Build arguments. They can be read from the image: never a secret')),
    labels: Type.Optional(texts('Labels, e.g. `org.opencontainers.image.version`')),
    platforms: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$' }), {
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
    engine: Type.Optional(engineOption),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type BuildConfig = Static<typeof buildConfig>;

export const built = Type.Object({
  source: Type.String({ description: 'What `docker.push` takes: `docker-daemon:sha256:…` in the engine, `oci:FOLDER` on the disk' }),
  image: Type.String({ description: 'The name it was given' }),
  digest: Type.String({ description: "The content's digest: as the registry will have it for `oci:`, the engine's image ID for `docker-daemon:`" }),
  platforms: Type.Array(Type.String(), { description: 'e.g. `linux/amd64`' }),
  labels: texts('Labels of the first platform, those of its base image included'),
});
export type Built = Static<typeof built>;
