import { quantity, secret, Type, type Static } from 'relpipe/plugin';

const selector = (description: string) => Type.String({ minLength: 1, description });

export const kinds = ['rate', 'ratio', 'quantile', 'value'] as const;
const exactlyOne = (names: readonly string[]) => ({ oneOf: names.map((name) => ({ required: [name] })) });

/** `with` of `prometheus.scrape`. */
export const scrapeConfig = Type.Object(
  {
    target: Type.Optional(Type.String({ description: 'Where the metrics are, e.g. http://127.0.0.1:8080/metrics' })),
    targets: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, uniqueItems: true, description: 'Several; all of them have to answer' }),
    ),
    rate: Type.Optional(
      selector('Increase per second of these counters, summed, e.g. http_requests_total{code=~"5.."}'),
    ),
    ratio: Type.Optional(
      Type.Object(
        {
          of: selector('The counters above the line, e.g. http_requests_total{code=~"5.."}'),
          to: selector('The counters below it, e.g. http_requests_total'),
        },
        { additionalProperties: false, description: 'Increase of some counters divided by the increase of others' },
      ),
    ),
    quantile: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Quantile of the histogram in `of`, e.g. 0.95' }),
    ),
    of: Type.Optional(selector('The histogram, without `_bucket`, e.g. http_request_duration_seconds{route="/"}')),
    value: Type.Optional(selector('The present value of a gauge, e.g. process_resident_memory_bytes')),
    window: Type.Optional(
      quantity('duration', 'How far to look back, never before the last weight change; default: what the gate gives'),
    ),
    timeout: Type.Optional(quantity('duration', 'For one answer of one target; default 10s')),
    token: Type.Optional(secret('Sent to every target as `Authorization: Bearer`')),
  },
  {
    additionalProperties: false,
    allOf: [exactlyOne(['target', 'targets']), exactlyOne(kinds)],
    dependentRequired: { quantile: ['of'], of: ['quantile'] },
  },
);
export type ScrapeConfig = Static<typeof scrapeConfig>;
