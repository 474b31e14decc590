import { fetchAnswer, StepError, type HttpAnswer, type ReadContext } from 'relpipe/plugin';

const timeoutMs = 30_000;

/** @throws {StepError} `PYPI_UNREACHABLE`, retryable, naming the URL and the reason */
export function ask(url: string, request: Omit<RequestInit, 'signal'>, context: ReadContext): Promise<HttpAnswer> {
  const unreachable = (why: string, cause: unknown) =>
    new StepError('PYPI_UNREACHABLE', `Could not reach ${url}: ${why}.`, { retryable: true, cause });
  return fetchAnswer(url, { ...request, timeoutMs, unreachable }, context);
}
