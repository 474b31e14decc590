import type { ReadContext } from 'relpipe/plugin';
import { queryApi } from '../http/prometheus-api.ts';
import type { EvenRun } from './moments.ts';
import { queryResponse, type QueryResponse } from './query-response.ts';
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
