import { StepError, whyUnreachable, type ReadContext, type Secret } from 'relpipe/plugin';

export interface Request {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form; makes it a POST. */
  readonly form?: URLSearchParams;
  readonly token: Secret | undefined;
  readonly timeoutMs: number;
}

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * Asks and reads the whole answer within the time.
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, retryable, naming the URL and the reason
 */
export async function ask(request: Request, context: ReadContext): Promise<Reply> {
  const overdue = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await context.fetch(request.url, {
      headers: { ...request.headers, ...(request.token && { authorization: `Bearer ${request.token.reveal()}` }) },
      signal: AbortSignal.any([context.signal, overdue]),
      ...(request.form && { method: 'POST', body: request.form }),
    });
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await response.text(),
    };
  } catch (error) {
    context.signal.throwIfAborted();
    const why = overdue.aborted ? `it did not answer within ${request.timeoutMs / 1000} s` : whyUnreachable(error);
    throw new StepError('PROMETHEUS_UNREACHABLE', `Could not read ${request.url}: ${why}.`, {
      hint: 'Check that it runs and that this machine may connect to it.',
      retryable: true,
      cause: error,
    });
  }
}

/** Whether asking again could help: the server is overloaded or being restarted. */
export const isPassing = (status: number): boolean => status >= 500 || status === 429;
