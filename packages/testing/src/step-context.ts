import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { StepError, type AutomaticRollbackContext, type MeasureContext, type ReadContext, type RunContext, type Secret } from 'relpipe/plugin';

export interface VirtualContext<State = unknown, Output = unknown>
  extends RunContext<State>, AutomaticRollbackContext<State, Output>, MeasureContext {
  /** Moves the clock. */
  readonly pass: (ms: number) => void;
  /** The lines of the step's log. */
  readonly lines: readonly string[];
  /** Every state that was saved, the newest last. */
  readonly states: readonly State[];
}

/** The context of a step or a metric, with a clock that moves only by `sleep` and `pass`, and the real network. */
export function virtualContext<State = unknown, Output = unknown>(
  given: Partial<RunContext<State> & AutomaticRollbackContext<State, Output>> = {},
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
    exec: () => Promise.reject(new Error('this test expects no command')),
    attempt: 1,
    idempotencyKey: 'run-1/stage/step/run',
    saveState: async (state) => void states.push(state),
    progress: () => undefined,
    saved: undefined,
    left: [],
    overwrite: false,
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

/** For steps that use real servers, which have a real clock. */
export const realClock = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

/** `context.exec` of the engine: runs real commands, in the environment of this process and `variables`. */
export const execReally =
  (cwd = process.cwd(), { signal, variables = {} }: { signal?: AbortSignal; variables?: Readonly<Record<string, string>> } = {}): ReadContext['exec'] =>
  async ([file = '', ...args], { env = {}, stdin, cwd: own = cwd } = {}) => {
    const revealed = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === undefined ? undefined : revealOf(value)]));
    const child = spawn(file, args, { cwd: own, env: { ...process.env, ...variables, ...revealed }, signal });
    child.stdin.on('error', () => undefined).end(stdin === undefined ? '' : revealOf(stdin));
    const ended = new Promise<number>((resolve, reject) => child.on('error', (error) => reject(notFound(error, file))).on('close', (code) => resolve(code ?? 129)));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout: stdout.replace(/\n$/, ''), stderr: stderr.replace(/\n$/, '') };
  };

const notFound = (error: Error, file: string): Error =>
  'code' in error && error.code === 'ENOENT' ? new StepError('REL_COMMAND_NOT_FOUND', `There is no ${file}.`) : error;

const revealOf = (value: string | Secret): string => (typeof value === 'string' ? value : value.reveal());
