import type { HttpAnswer, ReadContext } from 'relpipe/plugin';
import { ask } from '../http/ask.ts';
import type { PackageIndex } from './package-index.ts';

/**
 * One page, past every cache on the way, which would show yesterday's.
 * @throws {StepError} `PYPI_UNREACHABLE` (retryable)
 */
export const askIndex = (url: string, accept: string, { authorization }: Pick<PackageIndex, 'authorization'>, context: ReadContext): Promise<HttpAnswer> =>
  ask(url, { headers: { accept, 'cache-control': 'max-age=0', ...(authorization !== undefined && { authorization }) } }, context);
