import { StepError, type ReadContext, type Secret } from 'relpipe/plugin';
import { busyHint, fetchAnswer, isTransient, shellWord } from 'relpipe/plugin/toolkit';

/** An answer of Kong's Admin API: the body as JSON, undefined where it is not JSON. */
interface Answer {
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

  /** A request from a shell, with $KONG_ADMIN_TOKEN in place of the token. */
  manualCommand(path: string, ...options: readonly string[]): string {
    const token = this.#token === undefined ? '' : ' -H "kong-admin-token: $KONG_ADMIN_TOKEN"';
    return `curl -gfsS${token} ${[...options, `${this.url}${path}`].map(shellWord).join(' ')}`;
  }

  /** Throws when Kong cannot be reached, refuses the token or has an internal error; the caller judges all other answers. */
  async #ask(method: string, path: string, body?: object): Promise<Answer> {
    const headers = {
      accept: 'application/json',
      ...(body && { 'content-type': 'application/json' }),
      ...(this.#token && { 'kong-admin-token': this.#token.reveal() }),
    };
    // A redirect would pass on the token, because it is not in the authorization field.
    const options = {
      method,
      headers,
      redirect: 'manual' as const,
      ...(body && { body: JSON.stringify(body) }),
      timeoutMs,
      unreachable: notReached(this.url),
    };
    const { status, json, retryAfterMs } = await fetchAnswer(`${this.url}${path}`, options, this.#context);
    if (status === 401 || status === 403) throw refused(this.url, status);
    if (isTransient(status)) throw serverError(`Kong's Admin API at ${this.url} answers ${method} ${path} with ${status}: ${messageIn(json)}.`, retryAfterMs);
    return { status, body: json };
  }
}

/** Loading a whole configuration takes a moment; Kong itself gives up after 60 s. */
const timeoutMs = 60_000;

/** The message in an answer with an error. */
export const messageIn = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string' ? body.message : 'no reason given';

const notReached = (url: string) => (why: string, cause: unknown) =>
  new StepError('TRAFFIC_ROUTER_NOT_REACHED', `Kong's Admin API at ${url} cannot be reached: ${why}.`, {
    hint: 'Check that Kong is running, and that `admin_listen` in its configuration is this address.',
    retryable: true,
    cause,
  });

const refused = (url: string, status: number) =>
  new StepError('KONG_REFUSED', `Kong's Admin API at ${url} refuses this client (${status}).`, {
    hint: 'Set `token` to a secret with an Admin API token that may read and change the upstream.',
  });

const serverError = (message: string, retryAfterMs: number | undefined) =>
  new StepError('KONG_SERVER_ERROR', message, {
    hint: retryAfterMs === undefined ? "Read Kong's error log." : busyHint({ retryAfterMs }),
    retryable: true,
  });

/** An answer that does not come from Kong's Admin API. */
export const unreadable = (url: string, path: string, { status, body }: Answer) =>
  new StepError(
    'KONG_UNREADABLE',
    `The answer of ${url} to GET ${path} is not a valid answer of Kong's Admin API (${status}): ${messageIn(body)}.`,
    { hint: 'Check that the address is that of the Admin API, not that of the proxy.' },
  );

export const upstreamUnknown = (upstream: string, known: readonly string[]) =>
  new StepError('KONG_UPSTREAM_UNKNOWN', `Kong has no upstream ${upstream}.`, {
    hint:
      known.length === 0
        ? 'It has no upstreams: create one whose targets are the sides.'
        : `Use one of its upstreams: ${known.join(', ')}.`,
  });

export const upstreamEmpty = (upstream: string, url: string) =>
  new StepError('KONG_UPSTREAM_EMPTY', `The upstream ${upstream} of the Kong at ${url} has no targets.`, {
    hint: 'Add both sides as targets, the candidate with weight 0.',
  });

/** Two targets with one name would be read as one, and their weights be wrong. @throws {StepError} `KONG_TARGET_DUPLICATE` */
export function refuseDuplicate(targets: readonly { readonly target: string }[], upstream: string): void {
  const names = targets.map(({ target }) => target);
  const duplicate = names.find((name, n) => names.indexOf(name) !== n);
  if (duplicate === undefined) return;
  throw new StepError('KONG_TARGET_DUPLICATE', `The upstream ${upstream} has the target ${duplicate} more than once.`, {
    hint: 'Remove all but one of them: a share is one of targets with different names.',
  });
}
