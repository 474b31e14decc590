import { fetchAnswer, StepError, type HttpAnswer, type ReadContext, type Secret } from 'relpipe/plugin';

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

/** @throws {StepError} `PROMETHEUS_UNREACHABLE`, retryable, naming the URL and the reason */
export async function ask(request: Request, context: ReadContext): Promise<HttpAnswer> {
  const { url, method = 'GET', body, token, timeoutMs } = request;
  const headers = { ...request.headers, ...(token && { authorization: `Bearer ${token.reveal()}` }) };
  const unreachable = (why: string, cause: unknown) =>
    new StepError('PROMETHEUS_UNREACHABLE', `Could not ${method === 'GET' ? 'read' : 'reach'} ${url}: ${why}.`, {
      hint: 'Check that it runs and that this machine may connect to it.',
      retryable: true,
      cause,
    });
  return fetchAnswer(url, { method, headers, timeoutMs, unreachable, ...(body !== undefined && { body }) }, context);
}

/** Whether asking again could help: the server is overloaded or being restarted. */
export const isPassing = (status: number): boolean => status >= 500 || status === 429;
