import { StepError } from 'relpipe/plugin';
import { seriesKey } from '../exposition/series-key.ts';
import type { SuccessReply } from './server-reply.ts';

/** One series as the server gave it: values as text, by time in milliseconds. */
export interface Series {
  readonly labels: string;
  readonly values: ReadonlyMap<number, string>;
}

/** @throws {StepError} `PROMETHEUS_ANSWER_UNUSABLE` where the query gives no numbers. */
export function seriesOf({ data }: SuccessReply): readonly Series[] {
  switch (data.resultType) {
    case 'scalar':
      return [{ labels: '{}', values: byTime([data.result]) }];
    case 'vector':
      return data.result.map(({ metric, value }) => series(metric, value && [value]));
    case 'matrix':
      return data.result.map(({ metric, values }) => series(metric, values));
    case 'string':
      throw unusable('The query answers with a text.', 'Write one that answers with a number.');
  }
}

function series(metric: Readonly<Record<string, string>>, points: readonly Point[] | undefined): Series {
  if (!points)
    throw unusable('The query answers with native histograms.', 'Take a quantile: histogram_quantile(0.95, …).');
  return { labels: `{${seriesKey(new Map(Object.entries(metric)))}}`, values: byTime(points) };
}

type Point = readonly [number, string];

/** Servers write seconds with a fraction that a double does not always hold exactly. */
const byTime = (points: readonly Point[]): ReadonlyMap<number, string> =>
  new Map(points.map(([seconds, value]) => [Math.round(seconds * 1000), value]));

const unusable = (message: string, hint: string) => new StepError('PROMETHEUS_ANSWER_UNUSABLE', message, { hint });
