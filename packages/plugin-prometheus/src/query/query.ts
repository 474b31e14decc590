import { defineMetric, quantity, Type, type Static } from 'relpipe/plugin';
import { connection } from '../shared-fields.ts';

const queryConfig = Type.Object(
  {
    server: Type.String({ minLength: 1, description: 'Base URL of the server, e.g. http://prometheus:9090' }),
    query: Type.String({
      minLength: 1,
      description:
        'PromQL that returns one series; `$window` is the window, e.g. rate(http_requests_total[$window])',
    }),
    window: Type.Optional(
      quantity('duration', "Length of `$window`, never reaching back before the last weight change; default: the gate's window"),
    ),
    ...connection,
  },
  { additionalProperties: false },
);
export type QueryConfig = Static<typeof queryConfig>;
export type QuerySchema = typeof queryConfig;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./query.impl.ts');

/** `prometheus.query`: queries a Prometheus server, or one with the same HTTP API, for now or for times in the past. */
export const query = defineMetric({
  summary: 'The result of a query to a Prometheus server',
  with: queryConfig,
  unit: 'from-config',
  answersForThePast: true,
  countsSamples: false,
  verify: async (config, context, use) => (await impl()).verify(config, context, use),
  measure: async (config, request, context) => (await impl()).measure(config, request, context),
});
