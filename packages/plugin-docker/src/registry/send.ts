import { StepError, whyUnreachable, type ReadContext } from 'relpipe/plugin';

/** Until the head of the answer is there, and for a small one its body. */
const timeoutMs = 30_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Sends one request and reads the whole answer.
 * @throws {StepError} `DOCKER_REGISTRY_UNREACHABLE`, retryable: every request to a registry may be repeated
 */
export async function send(url: string, request: RequestInit, context: ReadContext): Promise<Answer> {
  const response = await sendFor(url, request, context);
  return inWords(url, undefined, context, async () => ({
    status: response.status,
    headers: response.headers,
    bytes: new Uint8Array(await response.arrayBuffer()),
  }));
}

/** Sends one request and leaves its body to be read. A stream is sent for as long as it takes. @throws {StepError} */
export async function sendFor(url: string, request: RequestInit, context: ReadContext): Promise<Response> {
  const overdue = request.body instanceof ReadableStream ? undefined : new AbortController();
  const timer = overdue && setTimeout(() => overdue.abort(), timeoutMs);
  const signal = overdue ? AbortSignal.any([context.signal, overdue.signal]) : context.signal;
  try {
    return await inWords(url, overdue?.signal, context, () => context.fetch(url, { ...request, signal }));
  } finally {
    clearTimeout(timer);
  }
}

async function inWords<T>(url: string, overdue: AbortSignal | undefined, context: ReadContext, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    context.signal.throwIfAborted();
    const why = overdue?.aborted ? `it did not answer within ${timeoutMs / 1000} s` : whyUnreachable(error);
    throw new StepError('DOCKER_REGISTRY_UNREACHABLE', `Could not reach ${withoutQuery(url)}: ${why}.`, {
      hint: 'Check the name of the registry and that this machine may connect to it.',
      retryable: true,
      cause: error,
    });
  }
}

/** What a registry puts behind the question mark of an upload is its own, and long. */
const withoutQuery = (url: string): string => url.replace(/\?.*$/s, '');
