import pRetry from 'p-retry';
import { isStepError, StepError, type ReadContext } from 'relpipe/plugin';
import { packageIndex } from '../simple-api/package-index.ts';
import { lookOnce } from './look-once.ts';
import type { WaitConfig, WaitOutputs } from './wait-config.ts';
import { wantedRelease } from './wanted-release.ts';

const defaultTimeoutMs = 10 * 60_000;
const defaultPollMs = 2000;
const longestPauseMs = 30_000;

/**
 * Looks until the release is visible. An index that lags or stumbles is looked at again; what is wrong for good ends it at
 * once.
 */
export async function runWait(config: WaitConfig, context: ReadContext): Promise<WaitOutputs> {
  const { timeout: timeoutMs = defaultTimeoutMs, poll: pollMs = defaultPollMs } = config;
  const [wanted, index] = [wantedRelease(config), packageIndex(config.index, process.env)];
  const began = context.clock.now();
  const waited = () => context.clock.now() - began;
  const pause = async (attempt: number, why: string): Promise<boolean> => {
    const leftMs = timeoutMs - waited();
    if (leftMs <= 0) return false;
    context.log(`${wanted.project} ${wanted.version}: ${why}`);
    await context.clock.sleep(Math.min(pollMs * 2 ** (attempt - 1), longestPauseMs, leftMs));
    return true;
  };
  try {
    const files = await pRetry(() => lookOnce(wanted, index, context), {
      retries: Infinity,
      minTimeout: 0, // The pause is taken by the step's own clock.
      signal: context.signal,
      shouldRetry: ({ error, attemptNumber }) => isPassing(error) && pause(attemptNumber, error.message),
    });
    return { files, waited: waited() };
  } catch (error) {
    throw isPassing(error) ? tooLate(`${wanted.project} ${wanted.version}`, index.url, timeoutMs, error) : error;
  }
}

const isPassing = (error: unknown): error is StepError => isStepError(error) && error.retryable;

const tooLate = (release: string, url: string, timeoutMs: number, last: StepError) =>
  new StepError(
    'PYPI_NOT_VISIBLE',
    `${release} was not visible on ${url} within ${timeoutMs / 1000} s: ${last.message}`,
    {
      hint: `Check that the upload went to this index; then resume, or wait longer with \`timeout\`.`,
      cause: last,
    },
  );
