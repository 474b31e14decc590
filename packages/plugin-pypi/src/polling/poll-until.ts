import pRetry from 'p-retry';
import { isStepError, type ReadContext, type StepError } from 'relpipe/plugin';

const defaultTimeoutMs = 10 * 60_000;
const defaultPollMs = 2000;
const longestPauseMs = 30_000;

export interface Polling {
  /** Begins each line of the log. */
  readonly subject: string;
  readonly timeout?: number | undefined;
  readonly poll?: number | undefined;
  /** What is thrown when the time is over, made of what the last look said. */
  readonly tooLate: (last: StepError, timeoutMs: number) => StepError;
}

/** Looks until a look gives something. One that throws a retryable `StepError` is taken again, after a pause twice as long, up to 30 s. */
export async function pollUntil<Seen>(look: () => Promise<Seen>, polling: Polling, context: ReadContext): Promise<Seen> {
  const { subject, timeout: timeoutMs = defaultTimeoutMs, poll: pollMs = defaultPollMs, tooLate } = polling;
  const began = context.clock.now();
  const pause = async (attempt: number, why: string): Promise<boolean> => {
    const leftMs = timeoutMs - (context.clock.now() - began);
    if (leftMs <= 0) return false;
    context.log(`${subject}: ${why}`);
    await context.clock.sleep(Math.min(pollMs * 2 ** (attempt - 1), longestPauseMs, leftMs));
    return true;
  };
  try {
    return await pRetry(look, {
      retries: Infinity,
      minTimeout: 0, // The pause is taken by the step's own clock.
      signal: context.signal,
      shouldRetry: ({ error, attemptNumber }) => isPassing(error) && pause(attemptNumber, error.message),
    });
  } catch (error) {
    throw isPassing(error) ? tooLate(error, timeoutMs) : error;
  }
}

const isPassing = (error: unknown): error is StepError => isStepError(error) && error.retryable;
