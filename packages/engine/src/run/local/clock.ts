/** Time, so that tests can turn it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls once after so many milliseconds; gives back what calls it off. `idle` timers do not keep the process alive. */
  after(ms: number, call: () => void, kind?: 'idle'): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call, kind) {
    const timer = setTimeout(call, ms);
    if (kind === 'idle') timer.unref();
    return () => clearTimeout(timer);
  },
};

// setTimeout holds at most 24.8 days and stands still while the machine sleeps; looking again this often copes with both.
const lookAgainMs = 60_000;

/** Calls once when the clock has reached `at`, at the next turn when it already has; gives back what calls it off. */
export function callAt(clock: Clock, at: number, call: () => void): () => void {
  let callOff = (): void => {};
  const wait = (): void => {
    const left = Math.max(0, at - clock.now());
    callOff = clock.after(Math.min(left, lookAgainMs), () => (at <= clock.now() ? call() : wait()));
  };
  wait();
  return () => callOff();
}
