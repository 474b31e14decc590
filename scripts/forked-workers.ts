import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface Work<Task> {
  /** The program of a worker. It gets `setup` as its first message and answers it when it is ready; then one task after the other, with one answer each. */
  readonly program: URL;
  readonly setup: unknown;
  readonly tasks: Iterable<Task>;
  /** A task may never come to an end: after this long its worker is killed. */
  readonly longestMs: number;
  /** A task may need more memory than there is: then its worker ends by itself, and nothing else does. */
  readonly memoryMb: number;
  /** How many tasks are worked on at the same time; default 2. */
  readonly atOnce?: number;
}

/** What became of a task: the answer of its worker, or how the worker ended instead. */
export type Outcome<Answer> = { readonly answer: Answer } | { readonly ended: string };

/** Gives the tasks to processes of their own, some at a time, and reports what became of each. A worker that has ended is replaced. */
export async function runInWorkers<Task, Answer>(work: Work<Task>, onOutcome: (task: Task, outcome: Outcome<Answer>) => void): Promise<void> {
  const tasks = work.tasks[Symbol.iterator]();
  await Promise.all(Array.from({ length: work.atOnce ?? 2 }, () => runTasks()));

  async function runTasks(): Promise<void> {
    let worker: WorkerProcess<Answer> | undefined;
    for (let next = tasks.next(); next.done !== true; next = tasks.next()) {
      worker ??= new WorkerProcess<Answer>(work);
      const outcome = await worker.ask(next.value);
      if ('ended' in outcome) worker = undefined;
      onOutcome(next.value, outcome);
    }
    worker?.end();
  }
}

class WorkerProcess<Answer> {
  readonly #child: ChildProcess;
  readonly #longestMs: number;
  readonly #exit: Promise<string>;
  readonly #ready: Promise<unknown>;
  #stderr = '';

  constructor({ program, setup, longestMs, memoryMb }: Work<unknown>) {
    this.#longestMs = longestMs;
    this.#child = fork(program, [], {
      execArgv: [...process.execArgv, `--max-old-space-size=${String(memoryMb)}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-4000)));
    this.#exit = once(this.#child, 'exit').then(
      ([code, signal]) => `it ended with ${String(signal ?? code)}\n${this.#stderr}`,
      (error: unknown) => `it did not start: ${String(error)}`,
    );
    this.#ready = once(this.#child, 'message').catch(() => undefined);
    this.#child.send(setup as object);
  }

  async ask(task: unknown): Promise<Outcome<Answer>> {
    const listening = new AbortController();
    const alarm = setTimeout(() => this.end(), this.#longestMs);
    try {
      await Promise.race([this.#ready, this.#exit]);
      const answered = once(this.#child, 'message', { signal: listening.signal }).then(([answer]) => ({ answer: answer as Answer }));
      const ended = this.#exit.then((how) => ({ ended: how }));
      this.#child.send(task as object, () => undefined);
      return await Promise.race([answered, ended]);
    } finally {
      clearTimeout(alarm);
      listening.abort();
    }
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
