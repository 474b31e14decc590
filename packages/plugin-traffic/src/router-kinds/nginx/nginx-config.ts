import { quantity, Type, type Static } from 'relpipe/plugin';

/** `router: { nginx: … }`: which upstream divides the traffic, and how nginx is told. */
export const nginxConfig = Type.Object(
  {
    config: Type.String({ minLength: 1, description: 'The file that has the upstream, e.g. /etc/nginx/conf.d/shop.conf; only the weights in it are changed' }),
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
        description: 'A log with the format \'$upstream_addr\' and nothing else, by which the share is measured; default: it is not measured',
      }),
    ),
    'old-workers': Type.Optional(
      quantity('duration', 'How long a change waits for the former workers to finish what they have; default 30s', { minimum: 0 }),
    ),
  },
  { additionalProperties: false, description: 'An upstream of an nginx on this machine' },
);
export type NginxConfig = Static<typeof nginxConfig>;
