import { quantity, secret, Type, type Static } from 'relpipe/plugin';

const adminUrl = (description: string) => Type.String({ pattern: '^https?://', description });

/** `router: { kong: … }`: which upstream, and where Kong's Admin API is. */
export const kongConfig = Type.Object(
  {
    upstream: Type.String({ minLength: 1, description: 'Name or id of the upstream whose targets are the sides' }),
    admin: Type.Optional(adminUrl('Admin API of a Kong with a database, e.g. http://127.0.0.1:8001; with a workspace behind it where there are several')),
    nodes: Type.Optional(Type.Array(adminUrl('Admin API of one node'), { minItems: 1, uniqueItems: true, description: 'Admin API of every node of a Kong without a database (DB-less)' })),
    token: Type.Optional(secret('Sent as Kong-Admin-Token, where the Admin API asks for one')),
    settle: Type.Optional(quantity('duration', 'How long Kong may take until all of its workers go by new weights; default 10s', { minimum: 0 })),
  },
  {
    additionalProperties: false,
    description: 'Kong: an upstream, and either the Admin API of a Kong with a database or that of every node without one',
    oneOf: [{ required: ['admin'] }, { required: ['nodes'] }],
  },
);
export type KongConfig = Static<typeof kongConfig>;
