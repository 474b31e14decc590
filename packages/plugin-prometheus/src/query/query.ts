import { defineMetric, quantity, Type, type PlannedConfig, type Static } from 'relpipe/plugin';
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

/** The longest range of the query. Without a `window`, `$window` is everything since the gate started, and has no length. */
function windowOfQuery({ query, window }: PlannedConfig<QuerySchema>): number | undefined {
  if (typeof query !== 'string') return undefined;
  const own = /\$(?:window\b|\{window\})/.test(query) && typeof window === 'number' ? [window] : [];
  const ranges = [...query.matchAll(/\[\s*((?:\d+(?:ms|[smhdwy]))+)\s*(?::[^\]]*)?\]/g)].map(([, range = '']) => lengthOf(range));
  return Math.max(0, ...own, ...ranges) || undefined;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5, y: 31_536e6 };

/** `1h30m` in milliseconds; see https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations */
const lengthOf = (range: string): number =>
  [...range.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce((sum, [, count = '0', unit = '']) => sum + Number(count) * (unitMs[unit] ?? 0), 0);

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./query.impl.ts');

/** `prometheus.query`: queries a Prometheus server, or one with the same HTTP API, for now or for times in the past. */
export const query = defineMetric({
  summary: 'The result of a query to a Prometheus server',
  with: queryConfig,
  unit: 'from-config',
  answersForThePast: true,
  countsSamples: false,
  window: windowOfQuery,
  verify: async (config, context, use) => (await impl()).verify(config, context, use),
  measure: async (config, request, context) => (await impl()).measure(config, request, context),
});
