import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Command, CommandEnd, CommandShell } from '../../../plugins/built-in/command-shell.ts';
import type { TaskOp } from '../../core/op.ts';
import { endWhenAborted, notStarted } from './exec-command.ts';
import type { StepLog } from './step-log.ts';
import type { TaskDeps } from './task-deps.ts';
import { opVariables } from './task-variables.ts';

/** Runs the commands of a `run:` step on this machine. A bare spawn: half the cost of a library's, and a run may have a thousand. */
export class LocalCommandShell implements CommandShell {
  readonly #op: TaskOp;
  readonly #deps: TaskDeps;
  readonly #log: StepLog;
  readonly #signal: AbortSignal;

  constructor(op: TaskOp, deps: TaskDeps, log: StepLog, signal: AbortSignal) {
    this.#op = op;
    this.#deps = deps;
    this.#log = log;
    this.#signal = signal;
  }

  async command({ argv, env, cwd }: Command): Promise<CommandEnd> {
    this.#signal.throwIfAborted();
    makeOnce(this.#deps.folder.exchange);
    const [file = '', ...args] = argv;
    const child = this.#deps.book.start(this.#op.key, () =>
      spawn(file, args, { cwd, env: this.#environment(env), detached: true, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    const ended = endWhenAborted(child.pid, this.#signal);
    const end = await this.#follow(child);
    await ended();
    if (child.pid === undefined) throw notStarted(file, cwd);
    this.#deps.book.ended(child.pid);
    this.#log.flush();
    this.#signal.throwIfAborted();
    return { ...end, lastLines: this.#log.lastLines() };
  }

  readOutput(): string | undefined {
    return readIfThere(this.#deps.folder.outputFile(this.#op));
  }

  readState(): string | undefined {
    return readIfThere(this.#deps.folder.stateFile(this.#op));
  }

  watchState(changed: () => void): () => void {
    if (!this.#deps.isUndone(this.#op.step)) return () => undefined;
    makeOnce(this.#deps.folder.exchange);
    const file = this.#deps.folder.stateFile(this.#op);
    writeFileSync(file, '', { flag: 'a' });
    const watcher = watch(file, { persistent: false }, changed);
    // Then only the last look saves the state, and a take-up still reads the file.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  }

  /** For an attempt whose end says everything they said. */
  forgetFiles(): void {
    const { folder } = this.#deps;
    for (const file of [folder.outputFile(this.#op), folder.stateFile(this.#op)]) if (existsSync(file)) rmSync(file);
  }

  #environment(env: Readonly<Record<string, string>>): Record<string, string> {
    const { step, attempt, idempotencyKey, key } = this.#op;
    return {
      ...this.#deps.environment,
      ...env,
      ...opVariables(this.#deps.run, key),
      RELPIPE_STEP: step,
      RELPIPE_ATTEMPT: String(attempt),
      RELPIPE_IDEMPOTENCY_KEY: idempotencyKey,
      RELPIPE_OUTPUT: this.#deps.folder.outputFile(this.#op),
      RELPIPE_STATE: this.#deps.folder.stateFile(this.#op),
    };
  }

  #follow(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Pick<CommandEnd, 'code' | 'signal'>> {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => this.#log.write(name, chunk));
    }
    return new Promise((resolve) => {
      // Without a process there is only this event; `command` finds that there is no number.
      child.once('error', () => resolve({ code: null, signal: null }));
      child.once('close', (code, signal) => resolve({ code, signal }));
      child.once('exit', (code, signal) => setTimeout(() => this.#leaveOpen(child, () => resolve({ code, signal })), drainMs).unref());
    });
  }

  /** Something the command left in the background still holds its output: it is not waited for, and must not hold this process. */
  #leaveOpen(child: ChildProcessByStdio<null, Readable, Readable>, leave: () => void): void {
    if (child.stdout.closed && child.stderr.closed) return;
    for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
    leave();
  }
}

const drainMs = 500;

const made = new Set<string>();

function makeOnce(folder: string): void {
  if (made.has(folder)) return;
  mkdirSync(folder, { recursive: true });
  made.add(folder);
}

/** Most commands write neither file, and asking first costs less than an error. */
const readIfThere = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
