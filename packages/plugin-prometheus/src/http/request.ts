import { StepError, type ReadContext, type Secret } from 'relpipe/plugin';
import { fetchAnswer, type HttpAnswer } from 'relpipe/plugin/toolkit';

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
export async function sendRequest(request: Request, context: ReadContext): Promise<HttpAnswer> {
  const { url, method = 'GET', body, token, timeoutMs } = request;
  const headers = { ...request.headers, ...(token && { authorization: `Bearer ${token.reveal()}` }) };
  const unreachable = (why: string, cause: unknown) =>
    new StepError('PROMETHEUS_UNREACHABLE', `Could not ${method === 'GET' ? 'read' : 'reach'} ${url}: ${why}.`, {
      hint: 'Check that the server is running there and that this machine can connect to it.',
      retryable: true,
      cause,
    });
  return fetchAnswer(url, { method, headers, timeoutMs, unreachable, ...(body !== undefined && { body }) }, context);
}

/** @throws {StepError} `PROMETHEUS_URL_INVALID` */
export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid(`\`${text}\` is not a valid http or https URL.`, 'Write the full URL, e.g. http://127.0.0.1:9090');
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(`The URL of ${url.host} contains a user name or a password.`, 'Remove it, and set `token` to a secret instead.');
  }
  return url;
}

const invalid = (message: string, hint: string) => new StepError('PROMETHEUS_URL_INVALID', message, { hint });
