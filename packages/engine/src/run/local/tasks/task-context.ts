import type { AutomaticRollbackContext, Json, ReadContext, RunContext, RollbackContext } from '../../../contract/index.ts';
import type { OpKey, TaskOp } from '../../core/operation.ts';
import { waitUntil, type Clock } from '../clock.ts';
import { execCommand, type ExecDeps } from '../process/exec-command.ts';
import { politeFetch } from './polite-fetch.ts';
import type { TaskDeps } from './workplace.ts';

export type ReadDeps = ExecDeps & Pick<TaskDeps, 'clock' | 'mask'>;

/** What every function of a plugin gets. `log` takes lines; `key` names whose processes `exec` starts. */
export function readContext(deps: ReadDeps, key: OpKey, signal: AbortSignal, log: (line: string) => void): ReadContext {
  return {
    signal,
    log,
    mask: (text) => deps.mask.text(text),
    clock: { now: () => deps.clock.now(), sleep: (ms) => sleep(deps.clock, ms, signal) },
    fetch: politeFetch(deps.clock, signal, log),
    workdir: deps.workdir,
    exec: (argv, options) => execCommand(deps, key, signal, argv, options),
  };
}

/** States as the step type declares them. */
export interface States {
  readonly saved: unknown;
  readonly left: readonly unknown[];
  readonly encode: (state: unknown) => Json;
}

const numberOf = (value: unknown): number => Number(value);

type ChangeContext = Pick<RunContext<unknown>, 'left' | 'overwrite' | 'saveState'>;

const changeContext = (op: TaskOp, deps: TaskDeps, { signal }: ReadContext, { left, encode }: States): ChangeContext => ({
  left,
  overwrite: op.overwrite === true,
  saveState: async (state) => {
    const durable = deps.saveState(op.key, encode(state));
    // A step that was asked to stop must not start its effect; its state is recorded all the same.
    await Promise.race([durable, whenAborted(signal)]);
    signal.throwIfAborted();
  },
});

export const runContext = (op: TaskOp, deps: TaskDeps, base: ReadContext, states: States): RunContext<unknown> => ({
  ...base,
  ...changeContext(op, deps, base, states),
  attempt: op.attempt,
  idempotencyKey: op.idempotencyKey,
  saved: states.saved,
  progress: ({ done, of, unit, note }) => {
    // A plugin without a compiler may hand over anything; an event has to be what the contract says.
    const shown = (text: unknown): string => deps.mask.text(String(text));
    const texts = { ...(unit !== undefined && { unit: shown(unit) }), ...(note !== undefined && { note: shown(note) }) };
    deps.onLive({ run: deps.run, at: deps.clock.now(), type: 'progress', step: op.step, done: numberOf(done), of: numberOf(of), ...texts });
  },
});

export const rollbackContext = (op: TaskOp, base: ReadContext, saved: unknown, output: unknown): RollbackContext<unknown, unknown> => ({
  ...base,
  because: op.because ?? '',
  saved,
  output,
});

export const automaticRollbackContext = (
  op: TaskOp,
  deps: TaskDeps,
  base: ReadContext,
  states: States,
  output: unknown,
): AutomaticRollbackContext<unknown, unknown> => ({ ...rollbackContext(op, base, states.saved, output), ...changeContext(op, deps, base, states) });

async function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await waitUntil(clock, clock.now() + ms, signal);
  signal.throwIfAborted();
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
