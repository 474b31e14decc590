import type { Plan, StepKey } from '../../plan/plan.ts';
import type { Fact, FactBody } from '../core/fact.ts';
import type { Op, OpKey, WatchOp } from '../core/operation.ts';
import type { Arrival, Runtime, Wait } from '../runtime.ts';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { Clock } from './clock.ts';
import { DurableStates } from './durable-states.ts';
import type { ChainHead } from '../store/fact-chain.ts';
import type { Lease, RunStore, RunSummary } from '../store/run-store.ts';
import { Inbox } from './inbox.ts';
import { OpenOps } from './open-ops.ts';
import { RunWriter } from './run-writer.ts';
import { stopsWithin } from './stops-within.ts';
import { signalGroup } from './process/process-group.ts';
import type { TaskDeps } from './tasks/task-deps.ts';
import type { StartWatch, Watch } from './watch/watch.ts';

export interface LocalRuntimeDeps {
  readonly store: RunStore;
  readonly lease: Lease;
  /** Where the recorded facts end. */
  readonly head: ChainHead;
  readonly plan: Plan;
  readonly clock: Clock;
  readonly startWatch: StartWatch;
  readonly tasks: Omit<TaskDeps, 'saveState' | 'isUndone' | 'clock'>;
  /** Park when the next wake-up is further away; missing: never. */
  readonly parkAfterMs?: number;
}

/** The driver says so often that it lives. Well below the time after which a store gives its lease away. */
const heartbeatEveryMs = 5_000;

/** Runs on this machine. */
export class LocalRuntime implements Runtime {
  readonly #deps: LocalRuntimeDeps;
  readonly #writer: RunWriter;
  readonly #inbox: Inbox;
  readonly #ops: OpenOps;
  readonly #tasks: TaskDeps;
  readonly #states = new DurableStates();
  #arrivals: FactBody[] = [];
  #wake: () => void = () => undefined;
  #signal: NodeJS.Signals | undefined;
  #broken: { readonly error: unknown } | undefined;
  #opsStopped: Promise<void> | undefined;
  #stopBeating: () => void = () => undefined;

  constructor(deps: LocalRuntimeDeps) {
    this.#deps = deps;
    this.#writer = new RunWriter(deps.store, deps.lease, deps.head);
    this.#inbox = new Inbox(deps.store, deps.lease.run, deps.clock);
    this.#tasks = {
      ...deps.tasks,
      clock: deps.clock,
      isUndone: isUndoneIn(deps.plan),
      saveState: (key, state) => {
        this.#arrived({ fact: 'saved', key, state });
        return this.#states.whenDurable(key);
      },
    };
    this.#ops = new OpenOps({
      tasks: this.#tasks,
      clock: deps.clock,
      startWatch: (op) => this.#startWatch(op),
      onBody: (body) => this.#arrived(body),
      onLooked: () => this.#wake(),
      onBroken: (error) => this.#broke(error),
    });
    this.#beat();
  }

  /** Of the lease, for what else is written about the run. */
  get fence(): number {
    return this.#deps.lease.fence;
  }

  append(body: FactBody): Fact {
    this.#states.appended(body);
    return this.#writer.append(body, this.#deps.clock.now());
  }

  async commit(): Promise<void> {
    await this.#states.settle(this.#writer.commit());
  }

  act({ start, cancel }: { readonly start: readonly Op[]; readonly cancel: readonly OpKey[] }): void {
    this.#ops.cancel(cancel);
    this.#ops.begin(start);
  }

  takeUp(open: readonly Op[]): void {
    this.#ops.takeUp(open);
  }

  async arrived(): Promise<readonly FactBody[]> {
    this.#arrivals.push(...(await this.#inbox.take()));
    return this.#arrivals.splice(0);
  }

  async next(wait: Wait): Promise<Arrival> {
    for (;;) {
      if (this.#broken !== undefined) throw this.#broken.error;
      if (this.#signal !== undefined) return this.#stopped(this.#signal);
      const bodies = await this.arrived();
      if (bodies.length > 0) return { bodies };
      // Something came while the inbox was asked: nobody would be woken by it any more.
      if (this.#arrivals.length > 0 || this.#signal !== undefined || this.#broken !== undefined) continue;
      if (this.#shouldPark(wait)) return { parked: wait.until === undefined ? {} : { wakeAt: wait.until } };
      await this.#somethingArrives();
    }
  }

  /** The first signal: `next` asks the tasks to stop, and ends within four seconds with what they said. */
  stop(signal: NodeJS.Signals): void {
    this.#signal ??= signal;
    this.#wake();
  }

  /** What lists of runs show of this one. Throws `REL_LEASE_LOST`. */
  async summarise(summary: RunSummary): Promise<void> {
    await this.#writer.summarise(summary);
  }

  /**
   * The second signal: every command is killed before this returns. Their tasks stay open in the record, and are lost for whoever
   * resumes.
   */
  kill(): void {
    for (const leader of this.#deps.tasks.processes.running()) signalGroup(leader, 'SIGKILL');
  }

  /** Ends what still waits or watches, and gives the lease back. The store stays open. */
  async close(): Promise<void> {
    await this.#stopOps();
    this.#stopBeating();
    this.#deps.tasks.processes.close();
    await this.#deps.lease.release();
  }

  #arrived(body: FactBody): void {
    this.#arrivals.push(body);
    this.#wake();
  }

  #broke(error: unknown): void {
    this.#broken ??= { error };
    this.#wake();
  }

  #shouldPark({ mayPark, until }: Wait): boolean {
    const { parkAfterMs, clock } = this.#deps;
    return mayPark && this.#ops.hasLooked && parkAfterMs !== undefined && (until === undefined || until - clock.now() > parkAfterMs);
  }

  /** Waits for one turn more, so that what ends together is recorded together. */
  async #somethingArrives(): Promise<void> {
    const stopPolling = this.#inbox.poll(
      (bodies) => bodies.forEach((body) => this.#arrived(body)),
      (error) => this.#broke(error),
    );
    await new Promise<void>((resolve) => (this.#wake = resolve));
    stopPolling();
    this.#wake = () => undefined;
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #stopped(signal: NodeJS.Signals): Promise<Arrival> {
    await this.#stopOps();
    return { interrupted: signal, arrived: this.#arrivals.splice(0) };
  }

  /** Once: whoever asks again waits for the same four seconds. What still runs then is killed: nothing outlives its driver. */
  #stopOps(): Promise<void> {
    return (this.#opsStopped ??= stopsWithin(this.#ops.stop()).then(() => this.kill()));
  }

  #startWatch(op: WatchOp): Watch {
    const { store, lease, plan, startWatch } = this.#deps;
    const gate = plan.gates[op.gate];
    if (gate === undefined) throw new TypeError(`the plan has no gate ${op.gate}`);
    return startWatch(op, {
      ...this.#tasks,
      gate,
      record: (body) => this.#arrived(body),
      saveMeasurements: (records) => this.#writer.saveMeasurements(records),
      readMeasurements: () => store.readMeasurements(lease.run),
      broke: (error) => this.#broke(error),
    });
  }

  #beat(): void {
    const { clock, lease } = this.#deps;
    this.#stopBeating = clock.after(
      heartbeatEveryMs,
      () => void lease.beat().then((isHeld) => (isHeld ? this.#beat() : this.#loseLease()), (error: unknown) => this.#broke(error)),
      'idle',
    );
  }

  /** The process that has it now runs the same steps: nothing here may go on. */
  #loseLease(): void {
    void this.#stopOps();
    this.#broke(relpipeError('REL_LEASE_LOST', { run: this.#deps.lease.run }));
  }
}

function isUndoneIn(plan: Plan): (step: StepKey) => boolean {
  const steps = new Set(plan.steps.filter(({ rollback: undo }) => typeof undo === 'object').map(({ key }) => key));
  return (step) => steps.has(step);
}
