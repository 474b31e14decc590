import type { MeasureContext, Measurement, SampleRequest } from '../../../contract/index.ts';
import { readStepError } from '../../../errors/read-step-error.ts';
import type { Ms } from '../../../model/ms.ts';
import { messageOf } from '../../../util/phrases.ts';
import type { Clock } from '../clock.ts';
import { lastWordMs } from '../timeouts.ts';
import { readMeasurements } from './read-measurements.ts';

export type SampleResult = { readonly measurements: readonly Measurement[] } | { readonly error: string };

/** Samples one side of one metric. Never rejects: that it could not measure is a result, too. */
export type Sampler = (request: SampleRequest, stop: AbortSignal) => Promise<SampleResult>;

export interface SamplerDeps {
  readonly clock: Clock;
  /** After it the signal is aborted with a `TimeoutError`, and a moment later the sample is given up. */
  readonly maximumMs: Ms;
  readonly measure: (request: SampleRequest, context: MeasureContext) => Promise<readonly Measurement[]>;
  readonly contextOf: (signal: AbortSignal, memory: Map<string, unknown>) => MeasureContext;
}

/** A sampler lives as long as its watch, and the memory of its metric with it. Two of its samples never overlap. */
export function samplerOf({ clock, maximumMs, measure, contextOf }: SamplerDeps): Sampler {
  const memory = new Map<string, unknown>();
  let isSampling = false;
  return async (request, stop) => {
    if (isSampling) return { error: 'the previous sample is still under way' };
    isSampling = true;
    const limit = limitedBy(stop, clock, maximumMs);
    const result = resultOf(async () => measure(request, contextOf(limit.signal, memory))).finally(() => {
      isSampling = false;
    });
    return Promise.race([result, limit.isOver]).finally(limit.callOff);
  };
}

async function resultOf(measure: () => Promise<readonly Measurement[]>): Promise<SampleResult> {
  try {
    return { measurements: readMeasurements(await measure()) };
  } catch (error) {
    return { error: errorText(error) };
  }
}

function errorText(error: unknown): string {
  const known = readStepError(error);
  return known === undefined ? messageOf(error) : `${known.message} (${known.code})`;
}

/** A signal that is aborted by `stop` or when the time is over, and the result of a metric that ignores it. */
function limitedBy(stop: AbortSignal, clock: Clock, maximumMs: Ms) {
  const controller = new AbortController();
  const { promise: isOver, resolve } = Promise.withResolvers<SampleResult>();
  const error = `no answer within ${maximumMs} ms`;
  const onStop = (): void => {
    controller.abort(stop.reason);
    resolve({ error: 'the watch was stopped' });
  };
  let callOffLastWord = (): void => {};
  const callOffLimit = clock.after(maximumMs, () => {
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
