import type { FactBody, ResolvedGroups } from '../core/fact.ts';
import type { Op, OpKey, ResolveOp, TimerOp, WatchOp } from '../core/operation.ts';
import type { TaskCarrier } from '../task-carrier.ts';
import { callAt, type Clock } from './clock.ts';
import type { GroupTaker } from './group-taker.ts';
import type { Deliveries } from './notify/deliveries.ts';
import type { Watch } from './watch/watch-gate.ts';

interface OperationsDeps {
  readonly carrier: TaskCarrier;
  readonly deliveries: Deliveries;
  readonly groups: GroupTaker;
  readonly clock: Clock;
  /** `isTakenUp`: a previous process watched before. */
  readonly startWatch: (op: WatchOp, isTakenUp: boolean) => Watch;
  /** Finds out who is in the groups of a question. */
  readonly resolve: (op: ResolveOp, signal: AbortSignal) => Promise<ResolvedGroups>;
  readonly onBody: (body: FactBody) => void;
  /** A watch has caught up. */
  readonly onCaughtUp: () => void;
}

/** The operations this process works on; each is started once. Tasks go to the carrier; timers and watches live here, with the driver. */
export class Operations {
  readonly #deps: OperationsDeps;
  readonly #started = new Set<OpKey>();
  readonly #waits = new Map<OpKey, () => Promise<void> | void>();
  readonly #watches = new Map<OpKey, Watch>();
  /** Watches that have not caught up yet. */
  readonly #behind = new Set<OpKey>();
  /** Those of them that a previous process has started. */
  readonly #overdue = new Set<OpKey>();

  constructor(deps: OperationsDeps) {
    this.#deps = deps;
  }

  start(ops: readonly Op[]): void {
    for (const op of this.#unstarted(ops)) {
      if (op.op === 'task') this.#deps.carrier.start(op);
      else if (op.op === 'notify') this.#deps.deliveries.start(op);
      else this.#startWait(op, false);
    }
  }

  takeUp(ops: readonly Op[]): void {
    const open = this.#unstarted(ops);
    this.#deps.carrier.takeUp(open.filter((op) => op.op === 'task'));
    for (const op of open) {
      if (op.op === 'notify') this.#deps.deliveries.takeUp(op);
      else this.#startWait(op, true);
    }
  }

  /** No group of runs is asked for without an answer, every open watch has taken a sample that counts in this process, and none of them loses what it has watched so far when it stops. */
  get mayRest(): boolean {
    return this.#deps.groups.mayRest && this.#behind.size === 0 && ![...this.#watches.values()].some((watch) => watch.isFilling());
  }

  /** Every watch that a previous process has started has sampled in this one. */
  get areCaughtUp(): boolean {
    return this.#overdue.size === 0;
  }

  cancel(keys: readonly OpKey[]): void {
    for (const key of keys) {
      this.#deps.carrier.cancel(key);
      this.#deps.groups.cancel(key);
      void this.#waits.get(key)?.();
      // A watch may start again: of an approval that is asked for again.
      if (this.#waits.delete(key)) this.#started.delete(key);
      this.#behind.delete(key);
      this.#overdue.delete(key);
      this.#watches.delete(key);
    }
  }

  /** Ends every timer and watch and asks every task to stop; resolves when they all have ended, and every message that is being sent. */
  async stop(): Promise<void> {
    const waits = [...this.#waits.values()].map((stop) => stop());
    this.#waits.clear();
    this.#deps.groups.stop();
    await Promise.all([...waits, this.#deps.carrier.stop(), this.#deps.deliveries.whenDone()]);
  }

  #unstarted(ops: readonly Op[]): readonly Op[] {
    return ops.filter(({ key }) => !this.#started.has(key) && this.#started.add(key));
  }

  #startWait(op: Op, isTakenUp: boolean): void {
    if (op.op === 'lock') this.#deps.groups.start(op);
    if (op.op === 'timer') this.#waits.set(op.key, this.#startTimer(op));
    if (op.op === 'watch') this.#startWatch(op, isTakenUp);
    if (op.op === 'resolve') this.#waits.set(op.key, this.#startResolving(op));
  }

  /** What is found after it was stopped is of no use to anybody. */
  #startResolving(op: ResolveOp): () => void {
    const stopped = new AbortController();
    void this.#deps.resolve(op, stopped.signal).then((groups) => {
      if (stopped.signal.aborted) return;
      this.#waits.delete(op.key);
      this.#deps.onBody({ fact: 'resolved', key: op.key, groups });
    });
    return () => stopped.abort();
  }

  #startTimer({ key, at }: TimerOp): () => void {
    return callAt(this.#deps.clock, at, () => {
      this.#waits.delete(key);
      this.#deps.onBody({ fact: 'fired', key });
    });
  }

  #startWatch(op: WatchOp, isTakenUp: boolean): void {
    const watch = this.#deps.startWatch(op, isTakenUp);
    this.#watches.set(op.key, watch);
    this.#behind.add(op.key);
    if (isTakenUp) this.#overdue.add(op.key);
    void watch.caughtUp.then(() => {
      this.#behind.delete(op.key);
      this.#overdue.delete(op.key);
      this.#deps.onCaughtUp();
    });
    this.#waits.set(op.key, () => watch.stop());
  }
}
