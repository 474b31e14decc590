import { secret, Type, type Static } from 'relpipe/plugin';

/** `router: { embedded: … }`: where the `relpipe-router` is that divides the traffic. */
export const embeddedConfig = Type.Object(
  {
    state: Type.Optional(Type.String({ minLength: 1, description: "The router's state file; it names its control endpoint and its token file" })),
    control: Type.Optional(Type.String({ minLength: 1, description: 'Its control endpoint, e.g. http://127.0.0.1:9901' })),
    'token-file': Type.Optional(Type.String({ minLength: 1, description: 'File with the bearer token of `control`' })),
    token: Type.Optional(secret('The bearer token of `control`')),
  },
  {
    additionalProperties: false,
    description: 'The router that comes with this plugin: by its state file, or by its control endpoint and token',
    oneOf: [
      { required: ['state'], maxProperties: 1 },
      { required: ['control'], maxProperties: 2, oneOf: [{ required: ['token-file'] }, { required: ['token'] }] },
    ],
  },
);
export type EmbeddedConfig = Static<typeof embeddedConfig>;
