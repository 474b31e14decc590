import { quantity, Type, type Static } from 'relpipe/plugin';
import { connection } from '../http/connection.ts';

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
    ...connection,
  },
  { additionalProperties: false },
);
export type QueryConfig = Static<typeof queryConfig>;
