import { defineStep, plannedText, Type, unknownUntilRun, type Static } from 'relpipe/plugin';
import { imageReference } from '../image/reference.ts';
import { digestPattern, logins, platform, stringMap } from '../schemas.ts';

/** `with` of `docker.verify`. */
const verifyConfig = Type.Object(
  {
    image: imageReference('The image as its users name it, e.g. `ghcr.io/acme/engine:1.4.0`'),
    digest: Type.Optional(Type.String({ pattern: `^${digestPattern}$`, description: 'Digest that it has to point at' })),
    platforms: Type.Optional(
      Type.Array(platform, { minItems: 1, description: 'Platforms that have to exist, e.g. `linux/arm64`' }),
    ),
    labels: Type.Optional(stringMap('Values that the labels of every platform must have')),
    logins: Type.Optional(logins),
  },
  { additionalProperties: false },
);
export type VerifySchema = typeof verifyConfig;
export type VerifyConfig = Static<VerifySchema>;

const verified = Type.Object({
  image: Type.String({ description: 'The image by its digest' }),
  digest: Type.String({ description: 'Digest that the name points at' }),
  platforms: Type.Array(Type.String(), { description: 'e.g. `linux/amd64`' }),
  labels: stringMap('Labels of the first platform'),
  size: Type.Integer({ description: 'Bytes of all layers and configs, each once' }),
});
export type Verified = Static<typeof verified>;

const impl = () => import('./verify.impl.ts');

/** `docker.verify`: reads an image from its registry as its users will. */
export const verify = defineStep({
  summary: 'Checks that an image can be pulled, for which platforms, with which digest and labels',
  with: verifyConfig,
  outputs: verified,
  rollback: 'nothing',
  onLost: 'retry',
  verify: async (config, context) => (await impl()).verify(config, context),
  preview: async (config) => ({ change: `check ${plannedText(config.image)}; nothing changes`, unknownUntilRun: unknownUntilRun(config) }),
  run: async (config, context) => (await impl()).run(config, context),
});
