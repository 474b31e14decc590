import type { MeasureContext, Secret } from 'relpipe/plugin';

export interface VirtualContext extends MeasureContext {
  /** Moves the clock. */
  readonly pass: (ms: number) => void;
}

/** What the engine gives a metric, with a clock that stands still until it is moved and a real network. */
export function virtualContext(signal: AbortSignal = new AbortController().signal): VirtualContext {
  let now = 1_800_000_000_000;
  return {
    signal,
    memory: new Map(),
    workdir: '.',
    fetch,
    log: () => undefined,
    clock: { now: () => now, sleep: async (ms) => void (now += ms) },
    exec: () => Promise.reject(new Error('a metric runs no command')),
    pass: (ms) => void (now += ms),
  };
}

export const secretOf = (text: string): Secret => ({ secret: 'TOKEN', reveal: () => text });
