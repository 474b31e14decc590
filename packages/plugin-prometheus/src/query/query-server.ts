import type { ReadContext } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { ask } from '../http/ask.ts';
import { httpUrl } from '../http/http-url.ts';
import type { EvenRun } from './even-runs.ts';
import type { QueryConfig } from './query-config.ts';
import { refusal } from './refusal.ts';
import { successReply, type SuccessReply } from './server-reply.ts';

const defaultTimeoutMs = 30_000;
/** Longer ones do not fit into the URL that many proxies accept; then it is a POST. */
const longestUrl = 2000;

/**
 * Asks one instant or range query.
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_QUERY_REFUSED`, `PROMETHEUS_URL_INVALID`
 */
export async function queryServer(config: QueryConfig, run: EvenRun, context: ReadContext): Promise<SuccessReply> {
  const { endpoint, form } = requestFor(run);
  const url = `${httpUrl(config.server).href.replace(/\/+$/, '')}/api/v1/${endpoint}`;
  const whole = `${url}?${form.toString()}`;
  const { headers = {}, token, timeout: timeoutMs = defaultTimeoutMs } = config;
  const where = whole.length <= longestUrl ? { url: whole } : { url, form };
  const reply = await ask({ ...where, headers: { ...headers, accept: 'application/json' }, token, timeoutMs }, context);
  const body = parseJson(reply.body);
  if (reply.status !== 200 || !Value.Check(successReply, body)) throw refusal(url, reply, body);
  return body;
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

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // Not JSON is a refusal like any other, told with its status and first line.
  }
}
