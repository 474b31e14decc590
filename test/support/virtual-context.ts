import type { MeasureContext, RunContext, Secret, RollbackContext } from '../../packages/engine/src/contract/index.ts';

export interface VirtualContext<State = unknown, Output = unknown>
  extends RunContext<State>, RollbackContext<State, Output>, MeasureContext {
  /** Moves the clock. */
  readonly pass: (ms: number) => void;
  /** What the step wrote to its log. */
  readonly lines: readonly string[];
  /** Every state that was saved, the newest last. */
  readonly states: readonly State[];
}

/** What the engine gives a step or a metric: a clock that only moves when somebody sleeps or moves it, and the real network. */
export function virtualContext<State = unknown, Output = unknown>(
  given: Partial<RunContext<State> & RollbackContext<State, Output>> = {},
): VirtualContext<State, Output> {
  let now = 1_800_000_000_000;
  const lines: string[] = [];
  const states: State[] = [];
  return {
    signal: new AbortController().signal,
    workdir: '.',
    fetch,
    log: (line) => void lines.push(line),
    mask: (text) => text,
    clock: { now: () => now, sleep: async (ms) => void (now += ms) },
    exec: () => Promise.reject(new Error('no command is expected here')),
    attempt: 1,
    idempotencyKey: 'run-1/stage/step/run',
    saveState: async (state) => void states.push(state),
    progress: () => undefined,
    saved: undefined,
    output: undefined,
    because: 'a test',
    memory: new Map(),
    ...given,
    pass: (ms) => void (now += ms),
    lines,
    states,
  };
}

export const secretOf = (text: string): Secret => ({ secret: 'A_SECRET', reveal: () => text });
