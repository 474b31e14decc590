import { readBody, StepError, whyUnreachable, type ReadContext } from 'relpipe/plugin';

/** Until a small answer is there, or the head of a large one. */
const timeoutMs = 30_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Who answered: another server than was asked, where that one has sent there. */
  readonly url: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Sends one request and reads the whole answer.
 * @throws {StepError} `DOCKER_REGISTRY_UNREACHABLE`, retryable: every request to a registry may be repeated
 */
export const send = (url: string, request: RequestInit, context: ReadContext): Promise<Answer> =>
  inTime(url, request, context, async (signal) => {
    const response = await context.fetch(url, { ...request, signal });
    const { status, headers, url: by } = response;
    return { status, headers, url: by, bytes: await readBody(response) };
  });

/** Sends one request and leaves the body of its answer to be read. @throws {StepError} */
export const sendFor = (url: string, request: RequestInit, context: ReadContext): Promise<Response> =>
  inTime(url, request, context, (signal) => context.fetch(url, { ...request, signal }));

/** A stream is sent for as long as it takes. */
async function inTime<T>(url: string, { body }: RequestInit, context: ReadContext, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const overdue = new AbortController();
  const timer = body instanceof ReadableStream ? undefined : setTimeout(() => overdue.abort(), timeoutMs);
  try {
    return await act(AbortSignal.any([context.signal, overdue.signal]));
  } catch (error) {
    context.signal.throwIfAborted();
    const why = overdue.signal.aborted ? `it did not answer within ${timeoutMs / 1000} s` : whyUnreachable(error);
    throw new StepError('DOCKER_REGISTRY_UNREACHABLE', `Could not reach ${withoutQuery(url)}: ${why}.`, {
      hint: 'Check the name of the registry and that this machine may connect to it.',
      retryable: true,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** What a registry puts behind the question mark of an upload is its own, and long. */
const withoutQuery = (url: string): string => url.replace(/\?.*$/s, '');
