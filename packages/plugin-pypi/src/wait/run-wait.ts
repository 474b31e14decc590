import { StepError, type ReadContext } from 'relpipe/plugin';
import { pollUntil } from '../polling/poll-until.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import { lookOnce } from './look-once.ts';
import type { WaitConfig, WaitOutputs } from './wait-config.ts';
import { wantedRelease } from './wanted-release.ts';

/**
 * Looks until the release is visible. An index that lags or stumbles is looked at again; what is wrong for good ends it at
 * once.
 */
export async function runWait(config: WaitConfig, context: ReadContext): Promise<WaitOutputs> {
  const wanted = wantedRelease(config);
  const index = await indexToRead(config.index, process.env);
  const subject = `${wanted.project} ${wanted.version}`;
  const { timeout, poll } = config;
  const began = context.clock.now();
  const polling = { subject, timeout, poll, tooLate: tooLate(subject, index.url) };
  const files = await pollUntil(() => lookOnce(wanted, index, context), polling, context);
  return { files, waited: context.clock.now() - began };
}

const tooLate = (release: string, url: string) => (last: StepError, timeoutMs: number) =>
  new StepError(
    last.code === 'PYPI_INDEX_LAGS' ? last.code : 'PYPI_NOT_VISIBLE',
    `${release} was not visible on ${url} within ${timeoutMs / 1000} s: ${last.message}`,
    {
      hint:
        last.code === 'PYPI_INDEX_LAGS'
          ? 'The upload has arrived and the index lags: resume later, or wait longer with `timeout`.'
          : 'Check that the upload went to this index; then resume, or wait longer with `timeout`.',
      cause: last,
    },
  );
