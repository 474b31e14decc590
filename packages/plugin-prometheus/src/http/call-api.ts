import type { HttpAnswer, ReadContext } from 'relpipe/plugin';
import { ask, type Request } from './ask.ts';
import type { Connection } from './connection.ts';
import { httpUrl } from './http-url.ts';

export interface ApiCall {
  /** Below the base URL, with its query: `/api/v1/rules?type=alert`. */
  readonly path: string;
  readonly method?: Request['method'];
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, with its type in `headers`, or as a form. */
  readonly body?: string | URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiReply extends HttpAnswer {
  readonly url: string;
}

/**
 * One call of an HTTP API below a base URL that may have a path prefix.
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_URL_INVALID`
 */
export async function callApi(base: string, call: ApiCall, connection: Connection, context: ReadContext): Promise<ApiReply> {
  const url = `${httpUrl(base).href.replace(/\/+$/, '')}${call.path}`;
  const { method, json } = call;
  const body = json === undefined ? call.body : JSON.stringify(json);
  const headers = {
    accept: 'application/json',
    ...connection.headers,
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...call.headers,
  };
  const request = { url, headers, token: connection.token, timeoutMs: connection.timeout ?? defaultTimeoutMs };
  const reply = await ask({ ...request, ...(method && { method }), ...(body !== undefined && { body }) }, context);
  return { ...reply, url };
}

const defaultTimeoutMs = 30_000;
