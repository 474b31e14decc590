import { isStepError, type SampleRequest, type MeasureContext, type Measurement } from '../../../contract/index.ts';
import type { Ms } from '../../../model/ms.ts';
import type { Clock } from '../clock.ts';

export type Answer = { readonly measurements: readonly Measurement[] } | { readonly error: string };

/** Asks one side of one metric. Never throws: that it could not ask is an answer too. */
export type Asker = (look: SampleRequest, stop: AbortSignal) => Promise<Answer>;

export interface Question {
  readonly clock: Clock;
  /** Then the signal is aborted with a `TimeoutError`, and a moment later nobody waits any more. */
  readonly longestMs: Ms;
  readonly measure: (look: SampleRequest, context: MeasureContext) => Promise<readonly Measurement[]>;
  readonly contextOf: (signal: AbortSignal, memory: Map<string, unknown>) => MeasureContext;
}

/** So long may a metric take to say what running out of time means to it: to a health check it is a no. */
const lastWordMs = 250;

/** The asker lives as long as the watch, and its metric's memory with it. Two looks of it never overlap. */
export function askerOf({ clock, longestMs, measure, contextOf }: Question): Asker {
  const memory = new Map<string, unknown>();
  let isAsking = false;
  return async (look, stop) => {
    if (isAsking) return { error: 'it has still not answered a look before this one' };
    isAsking = true;
    const limit = limitedBy(stop, clock, longestMs);
    const answer = answerOf(async () => measure(look, contextOf(limit.signal, memory))).finally(() => {
      isAsking = false;
    });
    return Promise.race([answer, limit.isOver]).finally(limit.callOff);
  };
}

async function answerOf(measure: () => Promise<readonly Measurement[]>): Promise<Answer> {
  try {
    const measurements: unknown = await measure();
    return areMeasurements(measurements) ? { measurements } : { error: 'the metric type gave something that is no list of measurements' };
  } catch (error) {
    return { error: errorText(error) };
  }
}

const areMeasurements = (given: unknown): given is readonly Measurement[] =>
  Array.isArray(given) && given.every((one: unknown) => typeof one === 'object' && one !== null && hasNumbers(one));

const hasNumbers = (one: object): boolean =>
  'at' in one && Number.isFinite(one.at) && 'value' in one && (one.value === null || typeof one.value === 'number');

const errorText = (error: unknown): string => {
  if (isStepError(error)) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
};

/** A signal that is aborted by `stop` or when the time is over, and the answer that is given when nobody heeds it. */
function limitedBy(stop: AbortSignal, clock: Clock, longestMs: Ms) {
  const controller = new AbortController();
  const { promise: isOver, resolve } = Promise.withResolvers<Answer>();
  const error = `no answer within ${longestMs} ms`;
  const onStop = (): void => {
    controller.abort(stop.reason);
    resolve({ error: 'the watch was stopped' });
  };
  let callOffLastWord = (): void => {};
  const callOffLimit = clock.after(longestMs, () => {
    controller.abort(new DOMException(error, 'TimeoutError'));
    callOffLastWord = clock.after(lastWordMs, () => resolve({ error }));
  });
  stop.addEventListener('abort', onStop, { once: true });
  if (stop.aborted) onStop();
  const callOff = (): void => {
    callOffLimit();
    callOffLastWord();
    stop.removeEventListener('abort', onStop);
  };
  return { signal: controller.signal, isOver, callOff };
}
