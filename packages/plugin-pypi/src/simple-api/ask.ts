import { StepError, type ReadContext } from 'relpipe/plugin';
import { fetchAnswer, type HttpAnswer } from 'relpipe/plugin/toolkit';
import type { PackageIndex } from './package-index.ts';

const timeoutMs = 30_000;

/**
 * A request to a page of an index, past every cache on the way, which could hold an old copy.
 * @throws {StepError} `PYPI_UNREACHABLE` (retryable)
 */
export const askIndex = (
  url: string,
  accept: string,
  { authorization }: Pick<PackageIndex, 'authorization'>,
  context: ReadContext,
): Promise<HttpAnswer> =>
  ask(url, { headers: { accept, 'cache-control': 'max-age=0', ...(authorization !== undefined && { authorization }) } }, context);

/**
 * Any request, with a limit of 30 s.
 * @throws {StepError} `PYPI_UNREACHABLE` (retryable), naming the URL and the reason
 */
export function ask(url: string, request: Omit<RequestInit, 'signal'>, context: ReadContext): Promise<HttpAnswer> {
  const unreachable = (why: string, cause: unknown) =>
    new StepError('PYPI_UNREACHABLE', `Could not reach ${url}: ${why}.`, {
      hint: 'Check the address, the network and the proxy settings.',
      retryable: true,
      cause,
    });
  return fetchAnswer(url, { ...request, timeoutMs, unreachable }, context);
}
