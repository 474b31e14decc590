import type { Secret } from './values.ts';

/** Options of `exec`. */
export interface ExecOptions {
  /** Added to the environment of relpipe; `undefined` removes a variable from it. */
  readonly env?: Readonly<Record<string, string | Secret | undefined>>;
  /** Default: empty. */
  readonly stdin?: string | Secret;
  /** Default: `workdir`. */
  readonly cwd?: string;
}

/** The result of a command, with at most 100 MiB of each output. */
export interface ExecResult {
  /** Exit code; 129 when a signal ended the command. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The context of a function that only reads. `exec` and `fetch` are there for reading, too. */
export interface ReadContext {
  /** Aborted when the step is cancelled or timed out, or when the process stops. */
  readonly signal: AbortSignal;
  /** Writes one line to the log of the step; secrets are masked. */
  log(line: string): void;
  /** Returns the text with the secrets of the run masked, for output other than `log`, e.g. a file. */
  mask(text: string): string;
  /** `now` in milliseconds since the epoch, `sleep` in milliseconds; sleeping rejects when `signal` is aborted. */
  readonly clock: { now(): number; sleep(ms: number): Promise<void> };
  /** `fetch` that stops with `signal`. After an answer 429 or 503 with `Retry-After`, the next request to that server waits as long. */
  readonly fetch: typeof fetch;
  /** Folder of the pipeline file. */
  readonly workdir: string;
  /** Runs a command without a shell, and waits for its end; stops with `signal`. Throws when it cannot be started, never for an exit code. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
}

/** For functions that change something: what this run knows about it, and what it may record. */
interface ChangeContext<State> extends ReadContext {
  /**
   * Of a step type with a `target`: what this run has left. For each target the state that was saved last, by this step or by another one of
   * its type, in a run or a rollback; the newest is the last one. Empty: this run has changed nothing.
   */
  readonly left: readonly State[];
  /** A person has decided that this rollback overwrites the changes of others. */
  readonly overwrite: boolean;
  /** Records a state, durably when it resolves. Call it before the effect. */
  saveState(state: State): Promise<void>;
}

/** The context of `run`. */
export interface RunContext<State> extends ChangeContext<State> {
  /** Starts at 1 and counts over the whole run, including attempts that crashed. */
  readonly attempt: number;
  /** `runId/stepKey/run`: the same for every attempt, so that a service can detect a repetition. */
  readonly idempotencyKey: string;
  /** The state that an earlier attempt saved. */
  readonly saved: State | undefined;
  /** Shows the progress on the terminal: `done` and `of` in `unit`, e.g. `MiB`. */
  progress(progress: { done: number; of: number; unit?: string; note?: string }): void;
}

/**
 * The context of a rollback or a teardown. There may be a saved state, an output, both or neither, because the step may have failed
 * half-way.
 */
export interface RollbackContext<State, Output> extends ReadContext {
  /** The reason, as text for a log. */
  readonly because: string;
  readonly saved: State | undefined;
  readonly output: Output | undefined;
}

/**
 * The context of an automatic rollback. A state that it saves does not replace `saved`; it is `left` for the next step with the same
 * target, and for a second try.
 */
export interface AutomaticRollbackContext<State, Output> extends RollbackContext<State, Output>, ChangeContext<State> {}

/** The context of `probe`. */
export interface ProbeContext<State> extends ReadContext {
  /** The last state that the attempts so far saved. */
  readonly saved: State | undefined;
}

/**
 * The context of `measure`. When the time of a sample is over, `signal` is aborted with a `TimeoutError`. A measurement that the metric
 * returns at once then still counts, e.g. that a service without an answer is not healthy.
 */
export interface MeasureContext extends ReadContext {
  /** Exists as long as this process watches the metric: a scraper keeps its previous scrapes here. */
  readonly memory: Map<string, unknown>;
}
