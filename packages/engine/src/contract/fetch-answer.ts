import type { ReadContext } from './context.ts';
import { parseJson } from './parse-json.ts';
import { readBody } from './read-body.ts';
import type { StepError } from './step-error.ts';
import { whyUnreachable } from './why-unreachable.ts';

/** What `fetch` takes, and how long for. */
export interface FetchAnswerOptions extends Omit<RequestInit, 'signal'> {
  /** For the whole answer, its body included. */
  readonly timeoutMs: number;
  /** The error where no answer came. `why` completes "Could not read URL: …". */
  readonly unreachable: (why: string, cause: unknown) => StepError;
}

/** An HTTP answer with its whole body, at most 64 MiB. */
export interface HttpAnswer {
  readonly status: number;
  /** In lower case, without parameters: `text/html`. Empty when there is none. */
  readonly mediaType: string;
  /** When the server says that it answered, by its own clock, in whole seconds since the epoch as milliseconds; undefined where it does not say. */
  readonly date: number | undefined;
  readonly text: string;
  /** The text read as JSON; undefined where it is none. */
  readonly json: unknown;
}

/**
 * Asks by `context.fetch` and reads the whole answer, whatever its status. Only what changes nothing is sent on to another address; a
 * change that is redirected is not made, and what it says and brings along, such as a token, stays here.
 * @throws {StepError} what `unreachable` makes of the reason; when the step is ended, the reason of its signal
 */
export async function fetchAnswer(url: string, options: FetchAnswerOptions, context: ReadContext): Promise<HttpAnswer> {
  const { timeoutMs, unreachable, ...init } = options;
  const overdue = AbortSignal.timeout(timeoutMs);
  try {
    const redirect = isReading(init) ? 'follow' : 'manual';
    const response = await context.fetch(url, { redirect, ...init, signal: AbortSignal.any([context.signal, overdue]) });
    const text = new TextDecoder().decode(await readBody(response));
    return { status: response.status, mediaType: mediaTypeOf(response), date: dateOf(response), text, json: parseJson(text) };
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

/** The engine ends a look that takes too long; the reader wants to know who was slow. */
function whyFailed(error: unknown, isOverdue: boolean, look: AbortSignal, timeoutMs: number): string {
  if (isOverdue) return `it did not answer within ${timeoutMs / 1000} s`;
  return look.aborted ? 'it did not answer in the time that one look has' : whyUnreachable(error);
}
