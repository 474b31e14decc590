import type { Ms } from '../../model/ms.ts';
import { callAt, type Clock } from './clock.ts';

/** Whether the time has come; false when it was stopped before. */
export function waitUntil(clock: Clock, at: Ms, stop: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  if (stop.aborted) resolve(false);
  else {
    const onStop = (): void => {
      callOff();
      resolve(false);
    };
    const callOff = callAt(clock, at, () => {
      stop.removeEventListener('abort', onStop);
      resolve(true);
    });
    stop.addEventListener('abort', onStop, { once: true });
  }
  return promise;
}
