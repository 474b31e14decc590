import { StepError, whyUnreachable, type ReadContext, type Secret } from 'relpipe/plugin';

export interface Request {
  readonly url: string;
  /** Default: GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** `URLSearchParams` are sent as a form. */
  readonly body?: string | URLSearchParams;
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
    const { method = 'GET', body } = request;
    const response = await context.fetch(request.url, {
      method,
      headers: { ...request.headers, ...(request.token && { authorization: `Bearer ${request.token.reveal()}` }) },
      signal: AbortSignal.any([context.signal, overdue]),
      ...(body !== undefined && { body }),
    });
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await response.text(),
    };
  } catch (error) {
    if (context.signal.aborted && !isTimeout(context.signal.reason)) throw context.signal.reason;
    throw unreachable(request, whyFailed(error, overdue.aborted, context.signal, request.timeoutMs), error);
  }
}

/** The engine ends a look that takes too long; the reader wants to know who was slow. */
function whyFailed(error: unknown, isOverdue: boolean, look: AbortSignal, timeoutMs: number): string {
  if (isOverdue) return `it did not answer within ${timeoutMs / 1000} s`;
  return look.aborted ? 'it did not answer in the time that one look has' : whyUnreachable(error);
}

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError';

const unreachable = ({ method = 'GET', url }: Request, why: string, cause: unknown) =>
  new StepError('PROMETHEUS_UNREACHABLE', `Could not ${method === 'GET' ? 'read' : 'reach'} ${url}: ${why}.`, {
    hint: 'Check that it runs and that this machine may connect to it.',
    retryable: true,
    cause,
  });

/** Whether asking again could help: the server is overloaded or being restarted. */
export const isPassing = (status: number): boolean => status >= 500 || status === 429;
