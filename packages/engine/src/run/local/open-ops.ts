import type { FactBody } from '../core/fact.ts';
import type { Op, OpKey, TaskOp, TimerOp, WatchOp } from '../core/operation.ts';
import { callAt, type Clock } from './clock.ts';
import { readLeftovers } from './process/end-leftover-processes.ts';
import type { RegistryContent } from './process/process-registry.ts';
import { startTask, type RunningTask } from './tasks/start-task.ts';
import type { TaskDeps } from './tasks/task-deps.ts';
import type { Watch } from './watch/watch.ts';
import { takeUpTask } from './tasks/take-up-task.ts';

export interface OpenOpsDeps {
  readonly tasks: TaskDeps;
  readonly clock: Clock;
  readonly startWatch: (op: WatchOp) => Watch;
  readonly onBody: (body: FactBody) => void;
  /** A watch has looked for the first time. */
  readonly onLooked: () => void;
  /** Something that cannot be recorded as a result. */
  readonly onBroken: (error: unknown) => void;
}

/** The ops this process works on; each is started once. */
export class OpenOps {
  readonly #deps: OpenOpsDeps;
  readonly #started = new Set<OpKey>();
  readonly #tasks = new Map<OpKey, RunningTask>();
  /** Watches that have not looked yet. */
  readonly #blind = new Set<OpKey>();
  readonly #waits = new Map<OpKey, () => Promise<void> | void>();

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
    let leftovers: RegistryContent | undefined;
    for (const op of this.#unstarted(ops)) {
      if (op.op === 'task') this.#takeUpTask(op, (leftovers ??= readLeftovers(this.#deps.tasks.folder)));
      else this.#startWait(op);
    }
  }

  /** Every open watch has looked at least once in this process. */
  get hasLooked(): boolean {
    return this.#blind.size === 0;
  }

  cancel(keys: readonly OpKey[]): void {
    for (const key of keys) {
      this.#tasks.get(key)?.stop('cancelled');
      void this.#waits.get(key)?.();
      // A watch may begin anew: of an approval that is asked for again.
      if (this.#waits.delete(key)) this.#started.delete(key);
      this.#blind.delete(key);
    }
  }

  /** Ends every wait and asks every task to stop; resolves when they all have said how they ended. */
  async stop(): Promise<void> {
    const waits = [...this.#waits.values()].map((stop) => stop());
    this.#waits.clear();
    for (const task of this.#tasks.values()) task.stop('stopped');
    await Promise.all([...waits, ...[...this.#tasks.values()].map((task) => task.done)]);
  }

  #sees(key: OpKey): void {
    this.#blind.delete(key);
    this.#deps.onLooked();
  }

  #unstarted(ops: readonly Op[]): readonly Op[] {
    return ops.filter(({ key }) => !this.#started.has(key) && this.#started.add(key));
  }

  #startTask(op: TaskOp): void {
    const task = startTask(op, this.#deps.tasks);
    this.#tasks.set(op.key, task);
    task.done.then((result) => {
      this.#tasks.delete(op.key);
      this.#deps.onBody({ fact: 'ended', key: op.key, result });
    }, this.#deps.onBroken);
  }

  #takeUpTask(op: TaskOp, leftovers: RegistryContent): void {
    takeUpTask(op, leftovers, this.#deps.tasks).then((bodies) => bodies.forEach(this.#deps.onBody), this.#deps.onBroken);
  }

  #startWait(op: Exclude<Op, TaskOp>): void {
    if (op.op === 'timer') this.#waits.set(op.key, this.#startTimer(op));
    if (op.op === 'watch') {
      const watch = this.#deps.startWatch(op);
      this.#blind.add(op.key);
      void watch.caughtUp.then(() => this.#sees(op.key));
      this.#waits.set(op.key, () => watch.stop());
    }
  }

  #startTimer({ key, at }: TimerOp): () => void {
    return callAt(this.#deps.clock, at, () => {
      this.#waits.delete(key);
      this.#deps.onBody({ fact: 'fired', key });
    });
  }
}
