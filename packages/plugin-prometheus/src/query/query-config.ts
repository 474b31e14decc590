import { quantity, secret, Type, type Static } from 'relpipe/plugin';

/** `with` of `prometheus.query`. */
export const queryConfig = Type.Object(
  {
    server: Type.String({ minLength: 1, description: 'Base URL of the server, e.g. http://prometheus:9090' }),
    query: Type.String({
      minLength: 1,
      description:
        'PromQL with one series as its answer; `$window` is the window, e.g. rate(http_requests_total[$window])',
    }),
    window: Type.Optional(
      quantity('duration', 'Length of `$window`, never beyond the last weight change; default: what the gate gives'),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Sent with every request, e.g. X-Scope-OrgID' }),
    ),
    token: Type.Optional(secret('Sent as `Authorization: Bearer`')),
    timeout: Type.Optional(quantity('duration', 'For one answer of the server; default 30s')),
  },
  { additionalProperties: false },
);
export type QueryConfig = Static<typeof queryConfig>;
