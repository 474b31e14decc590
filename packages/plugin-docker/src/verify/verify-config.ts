import { Type, type Static } from 'relpipe/plugin';
import { logins } from '../credentials/logins.ts';
import { imageReference } from '../reference/image-reference.ts';

const texts = (description: string) => Type.Record(Type.String(), Type.String(), { description });

/** `with` of `docker.verify`. */
export const verifyConfig = Type.Object(
  {
    image: imageReference('The image as its users name it, e.g. `ghcr.io/acme/engine:1.4.0`'),
    digest: Type.Optional(Type.String({ pattern: '^sha(256:[a-f0-9]{64}|512:[a-f0-9]{128})$', description: 'What it has to point at' })),
    platforms: Type.Optional(
      Type.Array(Type.String({ pattern: '^[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?$' }), { minItems: 1, description: 'Which of them have to be there, e.g. `linux/arm64`' }),
    ),
    labels: Type.Optional(texts('What the labels of every platform have to say')),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type VerifyConfig = Static<typeof verifyConfig>;

export const verified = Type.Object({
  image: Type.String({ description: 'The image by its digest' }),
  digest: Type.String({ description: 'What the name points at' }),
  platforms: Type.Array(Type.String(), { description: 'e.g. `linux/amd64`' }),
  labels: texts('Labels of the first platform'),
  size: Type.Integer({ description: 'Bytes of all layers and configs, each once' }),
});
export type Verified = Static<typeof verified>;
