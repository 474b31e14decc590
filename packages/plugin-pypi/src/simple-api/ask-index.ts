import { StepError, whyUnreachable, type ReadContext } from 'relpipe/plugin';
import type { PackageIndex } from './package-index.ts';

const timeoutMs = 30_000;

export interface Answer {
  readonly status: number;
  /** In lower case, without parameters; empty when there is none. */
  readonly type: string;
  readonly text: string;
}

/**
 * One page, past every cache on the way, which would show yesterday's.
 * @throws {StepError} `PYPI_UNREACHABLE` (retryable)
 */
export async function askIndex(
  url: string,
  accept: string,
  { authorization }: Pick<PackageIndex, 'authorization'>,
  context: ReadContext,
): Promise<Answer> {
  const overdue = AbortSignal.timeout(timeoutMs);
  try {
    const response = await context.fetch(url, {
      headers: { accept, 'cache-control': 'max-age=0', ...(authorization !== undefined && { authorization }) },
      signal: AbortSignal.any([context.signal, overdue]),
    });
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    return { status: response.status, type, text: await response.text() };
  } catch (error) {
    context.signal.throwIfAborted();
    const why = overdue.aborted ? `it did not answer within ${timeoutMs / 1000} s` : whyUnreachable(error);
    throw new StepError('PYPI_UNREACHABLE', `Could not read ${url}: ${why}.`, { retryable: true, cause: error });
  }
}
