import { StepError, whyUnreachable, type ReadContext } from 'relpipe/plugin';

const timeoutMs = 30_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Sends one request and reads the whole answer.
 * @throws {StepError} `DOCKER_REGISTRY_UNREACHABLE`, retryable: every request of a promotion may be repeated
 */
export async function send(url: string, request: RequestInit, context: ReadContext): Promise<Answer> {
  const overdue = AbortSignal.timeout(timeoutMs);
  try {
    const response = await context.fetch(url, { ...request, signal: AbortSignal.any([context.signal, overdue]) });
    return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
  } catch (error) {
    context.signal.throwIfAborted();
    const why = overdue.aborted ? `it did not answer within ${timeoutMs / 1000} s` : whyUnreachable(error);
    throw new StepError('DOCKER_REGISTRY_UNREACHABLE', `Could not reach ${url}: ${why}.`, {
      hint: 'Check `registry` and that this machine may connect to it.',
      retryable: true,
      cause: error,
    });
  }
}
