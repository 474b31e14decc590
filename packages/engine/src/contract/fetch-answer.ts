import type { ReadContext } from './context.ts';
import { parseJson } from './parse-json.ts';
import type { StepError } from './step-error.ts';
import { whyUnreachable } from './why-unreachable.ts';

/** What `fetch` takes, and how long for. */
export interface FetchAnswerOptions extends Omit<RequestInit, 'signal'> {
  /** For the whole answer, its body included. */
  readonly timeoutMs: number;
  /** The error where no answer came. `why` completes "Could not read URL: …". */
  readonly unreachable: (why: string, cause: unknown) => StepError;
}

/** An HTTP answer with its whole body. */
export interface HttpAnswer {
  readonly status: number;
  /** In lower case, without parameters: `text/html`. Empty when there is none. */
  readonly mediaType: string;
  readonly text: string;
  /** The text read as JSON; undefined where it is none. */
  readonly json: unknown;
}

/**
 * Asks by `context.fetch` and reads the whole answer, whatever its status.
 * @throws {StepError} what `unreachable` makes of the reason; when the step is ended, the reason of its signal
 */
export async function fetchAnswer(url: string, options: FetchAnswerOptions, context: ReadContext): Promise<HttpAnswer> {
  const { timeoutMs, unreachable, ...init } = options;
  const overdue = AbortSignal.timeout(timeoutMs);
  try {
    const response = await context.fetch(url, { ...init, signal: AbortSignal.any([context.signal, overdue]) });
    const text = await response.text();
    return { status: response.status, mediaType: mediaTypeOf(response), text, json: parseJson(text) };
  } catch (error) {
    if (context.signal.aborted && !isTimeout(context.signal.reason)) throw context.signal.reason;
    throw unreachable(whyFailed(error, overdue.aborted, context.signal, timeoutMs), error);
  }
}

const mediaTypeOf = ({ headers }: Response): string => headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError';

/** The engine ends a look that takes too long; the reader wants to know who was slow. */
function whyFailed(error: unknown, isOverdue: boolean, look: AbortSignal, timeoutMs: number): string {
  if (isOverdue) return `it did not answer within ${timeoutMs / 1000} s`;
  return look.aborted ? 'it did not answer in the time that one look has' : whyUnreachable(error);
}
