import type { ReadContext } from '../contract/context.ts';
import type { StepError } from '../contract/step-error.ts';
import type { Secret } from '../contract/values.ts';
import { parseJson } from './json.ts';
import { busyReason, retryAfterMs } from './retry-after.ts';

/** The options of `fetch`, with a time limit in place of a signal. */
export interface FetchAnswerOptions extends Omit<RequestInit, 'signal'> {
  /** In milliseconds, for the whole answer with its body. */
  readonly timeoutMs: number;
  /** The error to throw when no answer came. `why` completes "Could not read URL: …". */
  readonly unreachable: (why: string, cause: unknown) => StepError;
}

/** An HTTP answer with its whole body, at most 64 MiB. */
export interface HttpAnswer {
  readonly status: number;
  /** Lower case, without parameters: `text/html`. Empty when the answer has none. */
  readonly mediaType: string;
  /** The `Date` header: when the server answered by its own clock, as milliseconds since the epoch, exact to the second. */
  readonly date: number | undefined;
  /** How long the server asks not to be asked again, in milliseconds. The next request through `context.fetch` waits by itself. */
  readonly retryAfterMs: number | undefined;
  readonly text: string;
  /** The text read as JSON; undefined when it is not JSON. */
  readonly json: unknown;
}

/**
 * Sends a request with `context.fetch` and reads the whole answer, whatever its status. Redirects are followed for GET and HEAD only: a change
 * is not repeated elsewhere, and its body and its token are not sent to another address.
 * @throws {StepError} what `unreachable` returns for the reason; when the step ends first, the reason of its signal
 */
export async function fetchAnswer(url: string, options: FetchAnswerOptions, context: ReadContext): Promise<HttpAnswer> {
  const { timeoutMs, unreachable, ...init } = options;
  const overdue = AbortSignal.timeout(timeoutMs);
  try {
    const redirect = isReading(init) ? 'follow' : 'manual';
    const response = await context.fetch(url, { redirect, ...init, signal: AbortSignal.any([context.signal, overdue]) });
    const text = new TextDecoder().decode(await readBody(response));
    return {
      status: response.status,
      mediaType: mediaTypeOf(response),
      date: dateOf(response),
      retryAfterMs: retryAfterMs(response, context.clock.now()),
      text,
      json: parseJson(text),
    };
  } catch (error) {
    if (context.signal.aborted && !isTimeout(context.signal.reason)) throw context.signal.reason;
    throw unreachable(whyFailed(error, overdue.aborted, context.signal, timeoutMs), error);
  }
}

const isReading = ({ method = 'GET' }: RequestInit): boolean => ['GET', 'HEAD'].includes(method.toUpperCase());

const mediaTypeOf = ({ headers }: Response): string => headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';

function dateOf({ headers }: Response): number | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? undefined : date;
}

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError';

/** The engine ends a sample that takes too long; the reader wants to know which server was slow. */
function whyFailed(error: unknown, isOverdue: boolean, sample: AbortSignal, timeoutMs: number): string {
  const busy = busyReason(error);
  if (busy !== undefined) return busy;
  if (isOverdue) return `it did not answer within ${timeoutMs / 1000} s`;
  return sample.aborted ? 'it did not answer in the time that one sample has' : whyUnreachable(error);
}

/**
 * Reads the whole body of an answer.
 * @throws {TypeError} as soon as it is longer than 64 MiB; the rest is not read
 */
export async function readBody({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > longestBody) throw new TypeError(`it sends more than ${longestBody / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, length));
}

/** No API that a release asks sends more; a server that does is broken or another one, and must not fill the memory. */
const longestBody = 64 * 1024 * 1024;

/** The headers of a configuration as texts, with what its secrets contain. */
export const revealHeaders = (headers: Readonly<Record<string, string | Secret>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : value.reveal()]));

/** Why a `fetch` failed, as the end of "Could not read URL: …". Its own message is always "fetch failed"; its causes have the reason. */
export function whyUnreachable(error: unknown): string {
  const causes = causesOf(error);
  const known = causes.map(({ code }) => reasons[code ?? '']).find((reason) => reason !== undefined);
  return known ?? causes.at(-1)?.message ?? String(error);
}

/** Whether a `fetch` failed before the request was sent: no connection was made. After any other failure it may have arrived. */
export const wasNotSent = (error: unknown): boolean =>
  busyReason(error) !== undefined || causesOf(error).some(({ code = '' }) => beforeConnection.has(code) || code.startsWith('CERT_') || code.startsWith('ERR_TLS_'));

const beforeConnection: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: 'its host name could not be looked up',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

interface Cause {
  readonly code?: string;
  readonly message: string;
}

function causesOf(error: unknown): readonly Cause[] {
  if (!(error instanceof Error)) return [];
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return [{ ...code, message: error.message }, ...causesOf(inner)];
}
