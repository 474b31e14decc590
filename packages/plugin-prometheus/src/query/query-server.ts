import { type ReadContext, type Static, StepError, Type } from 'relpipe/plugin';
import { seriesKey } from '../exposition/exposition.ts';
import { queryApi } from '../http/prometheus-api.ts';
import type { EvenRun } from './moments.ts';
import type { QueryConfig } from './query.ts';

/** Many proxies refuse longer URLs; a longer query is sent by POST. */
const maximumUrlLength = 2000;

/**
 * Sends one instant or range query.
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_QUERY_REFUSED`, `PROMETHEUS_URL_INVALID`, `PROMETHEUS_CLOCK_SKEW`
 */
export async function queryServer(config: QueryConfig, run: EvenRun, context: ReadContext): Promise<QueryResponse> {
  const { endpoint, form } = requestFor(run);
  const path = `/api/v1/${endpoint}`;
  const inUrl = `${path}?${form.toString()}`;
  const isShort = config.server.length + inUrl.length <= maximumUrlLength;
  const request = isShort ? { path: inUrl } : ({ path, method: 'POST', body: form } as const);
  return queryApi(config.server, config, context).readTimed(request, queryResponse);
}

function requestFor({ moments, stepMs }: EvenRun): { endpoint: string; form: URLSearchParams } {
  const [first] = moments;
  const last = moments.at(-1) ?? first;
  const { query } = first;
  if (moments.length === 1) return { endpoint: 'query', form: new URLSearchParams({ query, time: seconds(first.at) }) };
  const range = { query, start: seconds(first.at), end: seconds(last.at), step: seconds(stepMs) };
  return { endpoint: 'query_range', form: new URLSearchParams(range) };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const point = Type.Tuple([Type.Number(), Type.String()]);
const labels = Type.Record(Type.String(), Type.String());
const notes = Type.Optional(Type.Array(Type.String()));

const scalar = Type.Object({ resultType: Type.Literal('scalar'), result: point });
const vector = Type.Object({
  resultType: Type.Literal('vector'),
  result: Type.Array(Type.Object({ metric: labels, value: Type.Optional(point) })),
});
const matrix = Type.Object({
  resultType: Type.Literal('matrix'),
  result: Type.Array(Type.Object({ metric: labels, values: Type.Optional(Type.Array(point)) })),
});
const string = Type.Object({ resultType: Type.Literal('string'), result: point });

/**
 * The response of `/api/v1/query` and `/api/v1/query_range` (https://prometheus.io/docs/prometheus/latest/querying/api/). A series
 * without values consists of native histograms.
 */
const queryResponse = Type.Object({
  status: Type.Literal('success'),
  data: Type.Union([scalar, vector, matrix, string]),
  warnings: notes,
  infos: notes,
});
type QueryResponse = Static<typeof queryResponse>;

/** One series of a response: values as strings, by time in milliseconds. */
export interface Series {
  readonly labels: string;
  readonly values: ReadonlyMap<number, string>;
}

/** @throws {StepError} `PROMETHEUS_RESULT_TYPE_UNSUPPORTED` where the query does not return numbers. */
export function seriesIn({ data }: QueryResponse): readonly Series[] {
  switch (data.resultType) {
    case 'scalar':
      return [{ labels: '{}', values: byTime([data.result]) }];
    case 'vector':
      return data.result.map(({ metric, value }) => series(metric, value && [value]));
    case 'matrix':
      return data.result.map(({ metric, values }) => series(metric, values));
    case 'string':
      throw unsupported('The query returns a string.', 'Write a query that returns a number.');
  }
}

function series(metric: Readonly<Record<string, string>>, points: readonly Point[] | undefined): Series {
  if (!points) throw unsupported('The query returns native histograms.', 'Calculate a quantile: histogram_quantile(0.95, …).');
  return { labels: `{${seriesKey(new Map(Object.entries(metric)))}}`, values: byTime(points) };
}

type Point = readonly [number, string];

/** Servers write seconds with a fraction that a double does not always hold exactly. */
const byTime = (points: readonly Point[]): ReadonlyMap<number, string> =>
  new Map(points.map(([seconds, value]) => [Math.round(seconds * 1000), value]));

const unsupported = (message: string, hint: string) => new StepError('PROMETHEUS_RESULT_TYPE_UNSUPPORTED', message, { hint });
