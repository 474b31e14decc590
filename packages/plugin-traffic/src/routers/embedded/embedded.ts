import { secret, Type, type Provision, type Static } from 'relpipe/plugin';
import type { Router } from '../router.ts';

/** `router: { embedded: … }`: how to find the `relpipe-router` that divides the traffic. */
export const embeddedConfig = Type.Object(
  {
    state: Type.Optional(
      Type.String({ minLength: 1, description: "The router's state file; it names its control endpoint and its token file" }),
    ),
    control: Type.Optional(Type.String({ minLength: 1, description: 'Its control endpoint, e.g. http://127.0.0.1:9901' })),
    'token-file': Type.Optional(Type.String({ minLength: 1, description: 'File with the bearer token of `control`' })),
    token: Type.Optional(secret('The bearer token of `control`')),
  },
  {
    additionalProperties: false,
    description: 'The router of this plugin: by its state file, or by its control endpoint and token',
    oneOf: [
      { required: ['state'], maxProperties: 1 },
      { required: ['control'], maxProperties: 2, oneOf: [{ required: ['token-file'] }, { required: ['token'] }] },
    ],
  },
);
export type EmbeddedConfig = Static<typeof embeddedConfig>;

/** `router: { embedded: … }`. The implementation is loaded when a router is opened: reading a pipeline file needs none of it. */
export const embedded: Provision<Router, typeof embeddedConfig> = {
  summary: 'The router that comes with this plugin',
  contract: 1,
  with: embeddedConfig,
  open: async (config, context) => (await import('./embedded.impl.ts')).openEmbedded(config, context),
};
