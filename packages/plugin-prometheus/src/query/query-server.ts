import type { ReadContext } from 'relpipe/plugin';
import { readTimely } from '../http/read-timely.ts';
import type { EvenRun } from './even-runs.ts';
import type { QueryConfig } from './query-config.ts';
import { successReply, type SuccessReply } from './server-reply.ts';

/** Longer ones do not fit into the URL that many proxies accept; then it is a POST. */
const longestUrl = 2000;

/**
 * Asks one instant or range query.
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_QUERY_REFUSED`, `PROMETHEUS_URL_INVALID`, `PROMETHEUS_CLOCK_OFF`
 */
export async function queryServer(config: QueryConfig, run: EvenRun, context: ReadContext): Promise<SuccessReply> {
  const { endpoint, form } = requestFor(run);
  const path = `/api/v1/${endpoint}`;
  const inUrl = `${path}?${form.toString()}`;
  const call = config.server.length + inUrl.length <= longestUrl ? { path: inUrl } : ({ path, method: 'POST', body: form } as const);
  return readTimely(config.server, call, reply, config, context);
}

const reply = {
  schema: successReply,
  code: 'PROMETHEUS_QUERY_REFUSED',
  hint: 'Try the query in the expression browser of the server.',
  elsewhere: '`server` has to be the base URL of a Prometheus server, with the path prefix it is served under.',
  overloaded: 'The server is overloaded or being restarted; if it stays so, ask for less or a shorter window.',
};

function requestFor({ moments, stepMs }: EvenRun): { endpoint: string; form: URLSearchParams } {
  const [first] = moments;
  const last = moments.at(-1) ?? first;
  const { query } = first;
  if (moments.length === 1) return { endpoint: 'query', form: new URLSearchParams({ query, time: seconds(first.at) }) };
  const range = { query, start: seconds(first.at), end: seconds(last.at), step: seconds(stepMs) };
  return { endpoint: 'query_range', form: new URLSearchParams(range) };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
