import type { FactBody } from '../core/fact.ts';
import type { Op, OpKey, TaskOp, TimerOp, WatchOp } from '../core/op.ts';
import { callAt, type Clock } from './clock.ts';
import { startTask, type RunningTask } from './tasks/start-task.ts';
import type { TaskDeps } from './tasks/task-deps.ts';
import { takeUpTask } from './tasks/take-up-task.ts';
import type { Watch } from './watch.ts';

export interface OpenOpsDeps {
  readonly tasks: TaskDeps;
  readonly clock: Clock;
  readonly startWatch: (op: WatchOp) => Watch;
  readonly arrived: (body: FactBody) => void;
  /** Something that cannot be recorded as a result. */
  readonly broke: (error: unknown) => void;
}

/** The ops this process works on; each is started once. */
export class OpenOps {
  readonly #deps: OpenOpsDeps;
  readonly #started = new Set<OpKey>();
  readonly #tasks = new Map<OpKey, RunningTask>();
  readonly #waits = new Map<OpKey, () => void>();

  constructor(deps: OpenOpsDeps) {
    this.#deps = deps;
  }

  begin(ops: readonly Op[]): void {
    for (const op of this.#unstarted(ops)) {
      if (op.op === 'task') this.#startTask(op);
      else this.#startWait(op);
    }
  }

  takeUp(ops: readonly Op[]): void {
    for (const op of this.#unstarted(ops)) {
      if (op.op === 'task') this.#takeUpTask(op);
      else this.#startWait(op);
    }
  }

  cancel(keys: readonly OpKey[]): void {
    for (const key of keys) {
      this.#tasks.get(key)?.stop('cancelled');
      this.#waits.get(key)?.();
      this.#waits.delete(key);
    }
  }

  /** Ends every wait and asks every task to stop; resolves when they all have said how they ended. */
  async stop(): Promise<void> {
    this.cancel([...this.#waits.keys()]);
    for (const task of this.#tasks.values()) task.stop('stopped');
    await Promise.all([...this.#tasks.values()].map((task) => task.done));
  }

  #unstarted(ops: readonly Op[]): readonly Op[] {
    return ops.filter(({ key }) => !this.#started.has(key) && this.#started.add(key));
  }

  #startTask(op: TaskOp): void {
    const task = startTask(op, this.#deps.tasks);
    this.#tasks.set(op.key, task);
    task.done.then((result) => {
      this.#tasks.delete(op.key);
      this.#deps.arrived({ fact: 'ended', key: op.key, result });
    }, this.#deps.broke);
  }

  #takeUpTask(op: TaskOp): void {
    takeUpTask(op, this.#deps.tasks).then((bodies) => bodies.forEach(this.#deps.arrived), this.#deps.broke);
  }

  #startWait(op: Exclude<Op, TaskOp>): void {
    if (op.op === 'timer') this.#waits.set(op.key, this.#startTimer(op));
    if (op.op === 'watch') {
      const watch = this.#deps.startWatch(op);
      this.#waits.set(op.key, () => watch.stop());
    }
  }

  #startTimer({ key, at }: TimerOp): () => void {
    return callAt(this.#deps.clock, at, () => {
      this.#waits.delete(key);
      this.#deps.arrived({ fact: 'fired', key });
    });
  }
}
