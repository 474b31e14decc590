import { defineMetric, quantity, Type, type Static } from 'relpipe/plugin';
import { connection } from '../shared-fields.ts';

const selector = (description: string) => Type.String({ minLength: 1, description });

export const kinds = ['rate', 'ratio', 'quantile', 'value'] as const;
const exactlyOne = (names: readonly string[]) => ({ oneOf: names.map((name) => ({ required: [name] })) });

export const scrapeConfig = Type.Object(
  {
    target: Type.Optional(Type.String({ description: 'URL of the metrics, e.g. http://127.0.0.1:8080/metrics' })),
    targets: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, uniqueItems: true, description: 'Several URLs; all of them must respond' }),
    ),
    rate: Type.Optional(
      selector('Increase per second of these counters, summed, e.g. http_requests_total{code=~"5.."}'),
    ),
    ratio: Type.Optional(
      Type.Object(
        {
          of: selector('The counters of the numerator, e.g. http_requests_total{code=~"5.."}'),
          to: selector('The counters of the denominator, e.g. http_requests_total'),
        },
        { additionalProperties: false, description: 'Increase of some counters divided by the increase of others' },
      ),
    ),
    quantile: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Quantile of the histogram in `of`, e.g. 0.95' }),
    ),
    of: Type.Optional(selector('The histogram, without `_bucket`, e.g. http_request_duration_seconds{route="/"}')),
    value: Type.Optional(selector('The current value of a gauge, e.g. process_resident_memory_bytes')),
    window: Type.Optional(
      quantity('duration', "How far to look back, never before the last weight change; default: the gate's window"),
    ),
    timeout: Type.Optional(quantity('duration', 'For each response of a target; default 10s')),
    headers: connection.headers,
    token: connection.token,
  },
  {
    additionalProperties: false,
    allOf: [exactlyOne(['target', 'targets']), exactlyOne(kinds)],
    dependentRequired: { quantile: ['of'], of: ['quantile'] },
  },
);
export type ScrapeConfig = Static<typeof scrapeConfig>;
export type ScrapeSchema = typeof scrapeConfig;

// Loaded when first called: reading a pipeline file needs none of it.
const impl = () => import('./scrape.impl.ts');

/**
 * `prometheus.scrape`: reads `/metrics` of the targets itself, so that no Prometheus server is needed.
 *
 * One scrape has no increase: the first measurement of a watch has no data, neither 0 nor the increase since the target
 * started. From the second on it is exact between the first and the last scrape in the window, so a window should be
 * at least twice as long as the gate's `every`.
 */
export const scrape = defineMetric({
  summary: "Rate, ratio or quantile from a service's own /metrics, without a Prometheus server",
  with: scrapeConfig,
  unit: 'from-config',
  answersForThePast: false,
  // A `value` is of its moment. Without a `window`, an increase is of everything since the gate started, and has no length.
  window: ({ value, window }) => (value === undefined && typeof window === 'number' ? window : undefined),
  verify: async (config, context, use) => (await impl()).verify(config, context, use),
  measure: async (config, request, context) => (await impl()).measure(config, request, context),
});
