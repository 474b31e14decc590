import type { RunContext } from 'relpipe/plugin';

export interface StepContext<State> extends RunContext<State> {
  /** What was saved, in order. */
  readonly states: State[];
  readonly lines: string[];
}

export interface ContextOptions<State> {
  readonly saved?: State | undefined;
  readonly signal?: AbortSignal;
  /** Called whenever the step sleeps, in place of time passing. */
  readonly whileAsleep?: () => Promise<unknown>;
}

/** What the engine gives to a step, with a clock that only sleeping moves. */
export function stepContext<State>({ saved, signal, whileAsleep }: ContextOptions<State> = {}): StepContext<State> {
  const states: State[] = [];
  const lines: string[] = [];
  let now = 0;
  return {
    states,
    lines,
    saved,
    signal: signal ?? new AbortController().signal,
    attempt: 1,
    idempotencyKey: 'run/step/run',
    workdir: '/',
    fetch,
    log: (line) => void lines.push(line),
    progress: () => undefined,
    saveState: async (state) => void states.push(state),
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
        await whileAsleep?.();
      },
    },
    exec: () => Promise.reject(new Error('A shift runs no command.')),
  };
}
