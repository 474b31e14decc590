import type { Router } from '@relpipe/plugin-traffic/router';
import { quantity, secret, Type, type Provision, type Static } from 'relpipe/plugin';

const adminUrl = (description: string) => Type.String({ pattern: '^https?://', description });

/** `router: { kong: … }`: the upstream, and the addresses of Kong's Admin API. */
const kongConfig = Type.Object(
  {
    upstream: Type.String({ minLength: 1, description: 'Name or id of the upstream whose targets are the sides' }),
    admin: Type.Optional(
      adminUrl('Admin API of a Kong with a database, e.g. http://127.0.0.1:8001; with the workspace appended where there are several'),
    ),
    nodes: Type.Optional(
      Type.Array(adminUrl('Admin API of one node'), {
        minItems: 1,
        uniqueItems: true,
        description: 'Admin API of every node of a Kong without a database (DB-less)',
      }),
    ),
    token: Type.Optional(secret('Sent as Kong-Admin-Token, where the Admin API requires one')),
    settle: Type.Optional(
      quantity('duration', 'How long Kong may take until all of its workers use new weights; default 10s', { minimum: 0 }),
    ),
  },
  {
    additionalProperties: false,
    description: 'Kong: an upstream, and either the Admin API of a Kong with a database or that of every node without one',
    oneOf: [{ required: ['admin'] }, { required: ['nodes'] }],
  },
);
export type KongConfig = Static<typeof kongConfig>;

/** `router: { kong: … }`. The implementation is loaded when a router is opened: reading a pipeline file needs none of it. */
export const kong: Provision<Router, typeof kongConfig> = {
  summary: 'The targets of an upstream of Kong',
  contract: 1,
  with: kongConfig,
  open: async (config, context) => (await import('./kong.impl.ts')).openKong(config, context),
};
