import { StepError, type ReadContext, type Static, type TSchema } from 'relpipe/plugin';
import { busyHint, isTransient, revealHeaders, type HttpAnswer } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import type { Connection } from '../shared-fields.ts';
import { requireSameClock } from './clock-check.ts';
import { httpUrl, sendRequest, type Request } from './request.ts';

export interface ApiRequest {
  /** Below the base URL, with its query: `/api/v1/rules?type=alert`. */
  readonly path: string;
  readonly method?: Request['method'];
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, with its type in `headers`, or as a form. */
  readonly body?: string | URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
}

interface ApiResponse extends HttpAnswer {
  readonly url: string;
}

/** The error where a server refuses a request. */
interface Refusal {
  /** With the plugin's prefix: `PROMETHEUS_QUERY_REFUSED`. */
  readonly code: string;
  /** What to do when the server understood the request and rejected it. */
  readonly hint: string;
  /** What to do when another kind of server responds at this URL. */
  readonly wrongServer: string;
  /** What to do when the server cannot respond now; default: wait, and check its log. */
  readonly overloaded?: string;
}

/** An HTTP API below a base URL that may have a path prefix. Throws `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_URL_INVALID`. */
export class HttpApi {
  readonly #base: string;
  readonly #refusal: Refusal;
  readonly #connection: Connection;
  readonly #context: ReadContext;

  constructor(base: string, refusal: Refusal, connection: Connection, context: ReadContext) {
    this.#base = base;
    this.#refusal = refusal;
    this.#connection = connection;
    this.#context = context;
  }

  /** Sends one request; any status is a response. */
  async send({ path, method, json, body, headers }: ApiRequest): Promise<ApiResponse> {
    const { headers: own, token, timeout: timeoutMs = 30_000 } = this.#connection;
    const url = `${httpUrl(this.#base).href.replace(/\/+$/, '')}${path}`;
    const content = json === undefined ? body : JSON.stringify(json);
    const request = {
      url,
      ...(method && { method }),
      headers: {
        accept: 'application/json',
        ...revealHeaders(own),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content !== undefined && { body: content }),
      token,
      timeoutMs,
    };
    return { ...(await sendRequest(request, this.#context)), url };
  }

  /** Sends one request whose response is 200 with JSON of this schema. @throws {StepError} the code of the refusal */
  async read<S extends TSchema>(request: ApiRequest, schema: S): Promise<Static<S>> {
    return this.#decode(await this.send(request), schema);
  }

  /** `read` for a request that names times by this machine's clock. @throws {StepError} `PROMETHEUS_CLOCK_SKEW` as well */
  async readTimed<S extends TSchema>(request: ApiRequest, schema: S): Promise<Static<S>> {
    const sentAt = this.#context.clock.now();
    const response = await this.send(request);
    requireSameClock(response, sentAt, this.#context.clock.now());
    return this.#decode(response, schema);
  }

  /** The error for a response, with the server's own message where it has one, and what to do next. */
  refusal(response: ApiResponse): StepError {
    const { status, url, json, text } = response;
    const own = messageIn(json);
    const message = own ?? firstLine(text);
    return new StepError(this.#refusal.code, `${url} returned ${status}${message && `: ${message}`}`, {
      hint: hintFor(response, own !== undefined, this.#refusal),
      retryable: isTransient(status),
    });
  }

  #decode<S extends TSchema>(response: ApiResponse, schema: S): Static<S> {
    if (response.status === 200 && Value.Check(schema, response.json)) return response.json;
    // A query may be long, and the reader has it in the pipeline file.
    throw this.refusal({ ...response, url: response.url.split('?', 1)[0] ?? response.url });
  }
}

/** Prometheus and the Pushgateway return `error`, Alertmanager returns `message` or a plain string. */
function messageIn(json: unknown): string | undefined {
  if (typeof json === 'string') return json;
  if (typeof json !== 'object' || json === null) return undefined;
  const { error, errorType = 'error', message } = json as Readonly<Record<string, unknown>>;
  if (typeof error === 'string') return `${String(errorType)}: ${error}`;
  return typeof message === 'string' ? message : undefined;
}

const firstLine = (body: string): string => body.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';

function hintFor({ status, retryAfterMs }: ApiResponse, hasMessage: boolean, { hint, wrongServer, overloaded }: Refusal): string {
  if (status === 401 || status === 403) return 'Set `token` to a secret with this permission, or `headers` to what the proxy requires.';
  if (isTransient(status)) return retryAfterMs === undefined && overloaded !== undefined ? overloaded : busyHint({ retryAfterMs });
  return hasMessage || status === 400 ? hint : wrongServer;
}
