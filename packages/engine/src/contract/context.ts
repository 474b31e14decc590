import type { Secret } from './secret.ts';

/** How `exec` starts a command. */
export interface ExecOptions {
  /** Beside what relpipe itself was given; `undefined` keeps a variable of that from the command. */
  readonly env?: Readonly<Record<string, string | Secret | undefined>>;
  /** Default: nothing to read. */
  readonly stdin?: string | Secret;
  /** Default: `workdir`. */
  readonly cwd?: string;
}

/** How a command ended, and what it wrote: at most 100 MiB of each. */
export interface ExecResult {
  /** Its exit code; 129 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What reads the world may use: nothing here changes it, except what `exec` and `fetch` are asked to do. */
export interface ReadContext {
  /** Aborted when the step is cancelled, timed out, or the process stops. */
  readonly signal: AbortSignal;
  /** One line for the step's log; secrets are masked. */
  log(line: string): void;
  /** The text without the run's secrets, for what is written elsewhere than by `log`, e.g. into a file. */
  mask(text: string): string;
  /** Milliseconds, since the epoch and to sleep; sleeping rejects when `signal` is aborted. */
  readonly clock: { now(): number; sleep(ms: number): Promise<void> };
  /** `fetch` that obeys `signal`. */
  readonly fetch: typeof fetch;
  /** Folder of the pipeline file. */
  readonly workdir: string;
  /** Runs a command without a shell, to its end; obeys `signal`. Throws where it cannot be started, and not for an exit code. */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>;
}

/** What `run` gets. */
export interface RunContext<State> extends ReadContext {
  /** Counted from 1, over the whole run, crashes included. */
  readonly attempt: number;
  /** `runId/stepKey/run`: the same for every attempt, so that a service can recognise a repetition. */
  readonly idempotencyKey: string;
  /** What an earlier attempt saved. */
  readonly saved: State | undefined;
  /** Durable when it resolves: call it before the effect. */
  saveState(state: State): Promise<void>;
  /** For whoever watches: `done` and `of` in `unit`, e.g. `MiB`. */
  progress(progress: { done: number; of: number; unit?: string; note?: string }): void;
}

/** Saved state and output of the step to be undone or released: neither, one or both, because it may have failed half-way. */
export interface RollbackContext<State, Output> extends ReadContext {
  /** Why, in words for a log. */
  readonly because: string;
  readonly saved: State | undefined;
  readonly output: Output | undefined;
}

/** What `probe` gets. */
export interface ProbeContext<State> extends ReadContext {
  /** What the attempts so far saved. */
  readonly saved: State | undefined;
}

/**
 * When a look has taken as long as it may, `signal` is aborted with a `TimeoutError`; what a metric answers at once then still counts,
 * e.g. that a service which does not answer is not healthy.
 */
export interface MeasureContext extends ReadContext {
  /** Lives as long as the watch of this metric in this process: a scraper keeps its former scrapes here. */
  readonly memory: Map<string, unknown>;
}
