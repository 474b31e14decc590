import pRetry from 'p-retry';
import { isStepError, type ReadContext, type StepError } from 'relpipe/plugin';

const defaultTimeoutMs = 10 * 60_000;
const defaultPollMs = 2000;
const longestPauseMs = 30_000;

interface Polling {
  /** The first words of each line of the log. */
  readonly subject: string;
  readonly timeout?: number | undefined;
  readonly poll?: number | undefined;
  /** Makes the error that is thrown when the time is over from that of the last attempt. */
  readonly tooLate: (last: StepError, timeoutMs: number) => StepError;
}

/**
 * Calls `attempt` until it returns a result. After a retryable `StepError` it is called again, after a pause that doubles each time up
 * to 30 s; any other error ends the polling.
 */
export async function pollUntil<Result>(attempt: () => Promise<Result>, polling: Polling, context: ReadContext): Promise<Result> {
  const { subject, timeout: timeoutMs = defaultTimeoutMs, poll: pollMs = defaultPollMs, tooLate } = polling;
  const started = context.clock.now();
  const pause = async (count: number, why: string): Promise<boolean> => {
    const leftMs = timeoutMs - (context.clock.now() - started);
    if (leftMs <= 0) return false;
    context.log(`${subject}: ${why}`);
    await context.clock.sleep(Math.min(pollMs * 2 ** (count - 1), longestPauseMs, leftMs));
    return true;
  };
  try {
    return await pRetry(attempt, {
      retries: Infinity,
      minTimeout: 0, // The pause is taken by the step's own clock.
      signal: context.signal,
      shouldRetry: ({ error, attemptNumber }) => isRetryable(error) && pause(attemptNumber, error.message),
    });
  } catch (error) {
    throw isRetryable(error) ? tooLate(error, timeoutMs) : error;
  }
}

const isRetryable = (error: unknown): error is StepError => isStepError(error) && error.retryable;
