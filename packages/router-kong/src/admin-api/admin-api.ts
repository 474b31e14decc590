import { shellWord } from '@relpipe/plugin-traffic/router';
import { fetchAnswer, StepError, type ReadContext, type Secret } from 'relpipe/plugin';

/** An answer of Kong's Admin API: JSON, or nothing where the body is none. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Kong's Admin API. Source: https://developer.konghq.com/api/gateway/admin-oss/ and `kong/api/routes` of Kong 3. */
export class AdminApi {
  readonly url: string;
  readonly #token: Secret | undefined;
  readonly #context: ReadContext;

  constructor(url: string, token: Secret | undefined, context: ReadContext) {
    this.url = url.replace(/\/+$/, '');
    this.#token = token;
    this.#context = context;
  }

  get = (path: string): Promise<Answer> => this.#ask('GET', path);
  patch = (path: string, body: object): Promise<Answer> => this.#ask('PATCH', path, body);
  post = (path: string, body: object): Promise<Answer> => this.#ask('POST', path, body);

  /** A call from a shell, in which $KONG_ADMIN_TOKEN stands for the token. */
  byHand(path: string, ...options: readonly string[]): string {
    const token = this.#token === undefined ? '' : ' -H "kong-admin-token: $KONG_ADMIN_TOKEN"';
    return `curl -gfsS${token} ${[...options, `${this.url}${path}`].map(shellWord).join(' ')}`;
  }

  /** The answer, unless Kong or the way to it is in trouble; what it says about the request itself is for the caller. */
  async #ask(method: string, path: string, body?: object): Promise<Answer> {
    const headers = {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...(this.#token && { 'kong-admin-token': this.#token.reveal() }),
    };
    // Its token is in a header field of its own, which would be sent on.
    const options = { method, headers, redirect: 'manual' as const, ...(body && { body: JSON.stringify(body) }), timeoutMs, unreachable: notReached(this.url) };
    const { status, json } = await fetchAnswer(`${this.url}${path}`, options, this.#context);
    if (status === 401 || status === 403) throw refused(this.url, status);
    if (status === 429 || status >= 500) throw busy(this.url, method, path, status, messageIn(json));
    return { status, body: json };
  }
}

/** A whole configuration takes a moment to be loaded; Kong itself gives up after 60 s. */
const timeoutMs = 60_000;

/** What Kong says in an answer that is no success. */
export const messageIn = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string' ? body.message : 'it does not say why';

const notReached = (url: string) => (why: string, cause: unknown) =>
  new StepError('TRAFFIC_ROUTER_NOT_REACHED', `Kong's Admin API at ${url} could not be asked: ${why}.`, {
    hint: 'Check whether Kong runs and listens there: `admin_listen` in its configuration.',
    retryable: true,
    cause,
  });

const refused = (url: string, status: number) =>
  new StepError('KONG_REFUSED', `Kong's Admin API at ${url} refuses whoever asks (${status}).`, {
    hint: 'Give `token` a secret with an Admin API token that may read and change the upstream.',
  });

const busy = (url: string, method: string, path: string, status: number, message: string) =>
  new StepError('KONG_IN_TROUBLE', `Kong's Admin API at ${url} answers ${method} ${path} with ${status}: ${message}.`, {
    hint: "Read Kong's error log.",
    retryable: true,
  });
