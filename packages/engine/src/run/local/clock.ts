/** Time, so that tests can turn it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once after so many milliseconds; returns a function that calls it off. `idle` timers do not keep the process alive. */
  after(ms: number, call: () => void, kind?: 'idle'): () => void;
  /** By how much the clock of the machine was set, forward or back (less than zero), since this was asked last. Missing: it never is. */
  takeJump?(): number;
  /** What the clock of the machine shows at this moment. Missing: the same. */
  onMachine?(at: number): number;
}

// setTimeout holds at most 24.8 days and stops while the machine sleeps; checking the clock this often copes with both.
const checkAgainMs = 60_000;

/** Calls once when the clock has reached `at`, at the next turn when it already has; returns a function that calls it off. */
export function callAt(clock: Clock, at: number, call: () => void): () => void {
  let callOff = (): void => {};
  const wait = (): void => {
    const left = Math.max(0, at - clock.now());
    callOff = clock.after(Math.min(left, checkAgainMs), () => (at <= clock.now() ? call() : wait()));
  };
  wait();
  return () => callOff();
}

/** Whether the time has come; false when it was stopped before. */
export function waitUntil(clock: Clock, at: number, stop: AbortSignal): Promise<boolean> {
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
