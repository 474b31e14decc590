/** A time limit for code of plugins, which may ignore its signal. */
export interface TimeLimit {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal;
  /** Resolves, with the reason, when the time is over and the last word as well. */
  readonly isOver: Promise<string>;
  readonly callOff: () => void;
}

/** `lastWordMs`: how long after the signal an answer still counts. The timer keeps the process: what is waited for may not. */
export function timeLimit(limitMs: number, lastWordMs = 0): TimeLimit {
  const controller = new AbortController();
  const { promise: isOver, resolve } = Promise.withResolvers<string>();
  const reason = `it did not finish within ${limitMs / 1000} s.`;
  let timer = setTimeout(() => {
    controller.abort(new DOMException(reason, 'TimeoutError'));
    if (lastWordMs === 0) resolve(reason);
    else timer = setTimeout(() => resolve(reason), lastWordMs);
  }, limitMs);
  return { signal: controller.signal, isOver, callOff: () => clearTimeout(timer) };
}
