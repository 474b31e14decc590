import { StepError, Type, type Static } from 'relpipe/plugin';
import { seriesKey } from '../exposition/exposition.ts';

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
export const queryResponse = Type.Object({
  status: Type.Literal('success'),
  data: Type.Union([scalar, vector, matrix, string]),
  warnings: notes,
  infos: notes,
});
export type QueryResponse = Static<typeof queryResponse>;

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
