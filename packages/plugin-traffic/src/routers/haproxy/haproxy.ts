import { Type, type Provision, type Static } from 'relpipe/plugin';
import type { Router } from '../router.ts';

/** `router: { haproxy: … }`: the address of the Runtime API, and the backend that divides the traffic. */
const haproxyConfig = Type.Object(
  {
    socket: Type.Optional(
      Type.String({ minLength: 1, description: 'The Runtime API as a Unix socket of level admin, e.g. /run/haproxy/admin.sock' }),
    ),
    address: Type.Optional(Type.String({ pattern: '^.+:[0-9]{1,5}$', description: 'The Runtime API over TCP, e.g. 127.0.0.1:9999' })),
    backend: Type.String({ pattern: '^[A-Za-z0-9_.:-]+$', description: 'The backend whose servers are the sides' }),
    'state-file': Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "HAProxy's `server-state-file`, written after each change; without it a reload restores the configured weights",
      }),
    ),
    'at-zero': Type.Optional(
      Type.Enum(['drain', 'maint'], {
        description:
          'What a server without a share does: drain keeps the users it has (sticky sessions), maint accepts nobody; default drain',
      }),
    ),
    'hash-type': Type.Optional(
      Type.Enum(['consistent'], {
        description: 'Where the backend has `hash-type consistent`, which HAProxy does not report: its weights can be changed too',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'A backend of HAProxy: by the Unix socket or the address of its Runtime API',
    oneOf: [{ required: ['socket'] }, { required: ['address'] }],
  },
);
export type HaproxyConfig = Static<typeof haproxyConfig>;

/** `router: { haproxy: … }`. The implementation is loaded when a router is opened: reading a pipeline file needs none of it. */
export const haproxy: Provision<Router, typeof haproxyConfig> = {
  summary: 'The servers of one backend of HAProxy, through its Runtime API',
  contract: 1,
  with: haproxyConfig,
  open: async (config, context) => (await import('./haproxy.impl.ts')).openHaproxy(config, context),
};
