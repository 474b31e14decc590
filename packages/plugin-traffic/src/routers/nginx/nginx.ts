import { quantity, Type, type Provision, type Static } from 'relpipe/plugin';
import type { Router } from '../router.ts';

/** `router: { nginx: … }`: the upstream that divides the traffic, and how nginx is called. */
const nginxConfig = Type.Object(
  {
    config: Type.String({
      minLength: 1,
      description: 'The file that has the upstream, e.g. /etc/nginx/conf.d/shop.conf; only the weights in it are changed',
    }),
    upstream: Type.String({ minLength: 1, description: 'The upstream whose servers are the sides, by their addresses' }),
    command: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description: 'How nginx is called, e.g. [sudo, nginx] or [nginx, -c, /srv/nginx.conf]; default [nginx]',
      }),
    ),
    'access-log': Type.Optional(
      Type.String({
        minLength: 1,
        description: "A log with the format '$upstream_addr' and nothing else, by which the share is measured; default: it is not measured",
      }),
    ),
    'old-workers': Type.Optional(
      quantity('duration', 'How long a change waits for the previous workers to finish their requests; default 30s', { minimum: 0 }),
    ),
  },
  { additionalProperties: false, description: 'An upstream of an nginx on this machine' },
);
export type NginxConfig = Static<typeof nginxConfig>;

/** `router: { nginx: … }`. The implementation is loaded when a router is opened: reading a pipeline file needs none of it. */
export const nginx: Provision<Router, typeof nginxConfig> = {
  summary: 'The servers of one upstream of nginx, through its configuration file',
  contract: 1,
  with: nginxConfig,
  open: async (config, context) => (await import('./nginx.impl.ts')).openNginx(config, context),
};
