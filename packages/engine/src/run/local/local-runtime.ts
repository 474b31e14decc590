import { relpipeError } from '../../errors/relpipe-error.ts';
import type { Ms } from '../../model/ms.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Fact, FactBody } from '../core/fact.ts';
import { isOfDelivery, type Op, type OpKey, type WatchOp } from '../core/operation.ts';
import type { Arrival, Runtime, Wait } from '../runtime.ts';
import type { ChainHead } from '../store/fact-chain.ts';
import type { Lease, RunStore, RunSummary } from '../store/run-store.ts';
import type { RefusedCommand } from '../store/sealed-command.ts';
import type { TaskCarrier } from '../task-carrier.ts';
import { Arrivals } from './arrivals.ts';
import { callAt } from './clock.ts';
import { GroupTaker } from './group-taker.ts';
import { GroupLookUp } from './groups/group-look-up.ts';
import { keepLease } from './heartbeat.ts';
import { Inbox } from './inbox.ts';
import { Deliveries, type Tell } from './notify/deliveries.ts';
import { Operations } from './operations.ts';
import { parkFrom, wakeUpOf } from './parking.ts';
import { RunWriter } from './run-writer.ts';
import { LocalCarrier } from './tasks/local-carrier.ts';
import type { Workplace } from './tasks/workplace.ts';
import { atMost, interruptedWithinMs } from './timeouts.ts';
import type { EvidenceLink } from './watch/evidence.ts';
import type { StartWatch } from './watch/local-watch.ts';
import { openWatch } from './watch/open-watch.ts';
import type { Watch } from './watch/watch-gate.ts';

export interface LocalRuntimeDeps {
  readonly store: RunStore;
  readonly lease: Lease;
  /** Where the recorded facts end. */
  readonly head: ChainHead;
  readonly plan: Plan;
  /** Of the watches that the record leaves open. */
  readonly evidence: ReadonlyMap<OpKey, EvidenceLink>;
  readonly workplace: Workplace;
  readonly startWatch: StartWatch;
  readonly tell: Tell;
  /** Commands in the inbox of the run that are not executed. */
  readonly onRefused: (refused: readonly RefusedCommand[]) => void;
  /** Rolls back another run, of a group that this one supersedes; missing: it cannot. */
  readonly rollBackRun?: (run: string) => Promise<boolean>;
  /** Park when the next wake-up is further away, and what the next sample may end has been waited for so long; missing: never. */
  readonly parkAfterMs?: number;
}

/** Drives a run and executes its tasks in this process. */
export class LocalRuntime implements Runtime {
  readonly #deps: LocalRuntimeDeps;
  readonly #writer: RunWriter;
  readonly #inbox: Inbox;
  readonly #carrier: TaskCarrier;
  readonly #deliveries: Deliveries;
  readonly #operations: Operations;
  readonly #arrivals: Arrivals;
  readonly #groups: GroupLookUp;
  #wake: () => void = () => undefined;
  /** Counts what wakes `next`. */
  #wakeUps = 0;
  #signal: NodeJS.Signals | undefined;
  #failure: { readonly error: unknown } | undefined;
  #stopped: Promise<void> | undefined;
  readonly #stopBeating: () => void;
  /** When this process last started something, or took the run up. */
  #actedAt: Ms;

  constructor(deps: LocalRuntimeDeps) {
    const { store, lease, head, workplace } = deps;
    this.#deps = deps;
    this.#actedAt = this.now();
    this.#writer = new RunWriter(store, lease, head);
    this.#groups = new GroupLookUp(deps.plan, workplace);
    this.#inbox = new Inbox(store, lease.run, { ...workplace, onRefused: deps.onRefused, groups: this.#groups, onResolved: () => this.#wakeUp() });
    this.#arrivals = new Arrivals(this.#inbox);
    this.#carrier = new LocalCarrier(workplace, {
      onBody: (body) => this.#arrive(body),
      saveState: (key, state) => {
        this.#arrive({ fact: 'saved', key, state });
        return this.#writer.whenSaved(key);
      },
      onBroken: (error) => this.#fail(error),
    });
    this.#deliveries = new Deliveries(deps.tell, workplace.mask, (body) => this.#arrive(body));
    this.#operations = new Operations({
      carrier: this.#carrier,
      deliveries: this.#deliveries,
      groups: new GroupTaker({ ...deps, clock: workplace.clock, onBody: (body) => this.#arrive(body), onBroken: (error) => this.#fail(error) }),
      clock: workplace.clock,
      startWatch: (op, isTakenUp) => this.#startWatch(op, isTakenUp),
      resolve: (op, signal) => this.#groups.forQuestion(op, signal),
      onBody: (body) => this.#arrive(body),
      onCaughtUp: () => this.#wakeUp(),
    });
    this.#stopBeating = keepLease(lease, workplace.clock, {
      onBeat: () => this.#noteJump(),
      onLost: () => this.#loseLease(),
      onBroken: (error) => this.#fail(error),
    });
  }

  append(body: FactBody): Fact {
    return this.#writer.append(body, this.now());
  }

  /** Time of the run. */
  now(): Ms {
    return this.#deps.workplace.clock.now();
  }

  commit(): Promise<void> {
    return this.#writer.commit();
  }

  act({ start, cancel }: { readonly start: readonly Op[]; readonly cancel: readonly OpKey[] }): void {
    this.#operations.cancel(cancel);
    this.#operations.start(start);
    if (start.some(({ key }) => !isOfDelivery(key))) this.#actedAt = this.now();
  }

  takeUp(open: readonly Op[]): void {
    this.#operations.takeUp(open);
  }

  arrived(): Promise<readonly FactBody[]> {
    this.#noteJump();
    return this.#arrivals.takeAll();
  }

  next(wait: Wait): Promise<Arrival> {
    return this.#next(wait, () => this.#parkFrom(wait));
  }

  /** Also where the process never parks: a person decides, and that may take days. */
  rest(wakeAt: Ms | undefined): Promise<Arrival> {
    const wait = { asks: [], mayPark: true, ...(wakeAt !== undefined && { until: wakeAt }) };
    return this.#next(wait, () => (this.#operations.areCaughtUp ? this.now() : Infinity));
  }

  async #next(wait: Wait, parksFrom: () => Ms): Promise<Arrival> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#signal !== undefined) return this.#interrupted(this.#signal);
      const before = this.#wakeUps;
      this.#noteJump();
      const bodies = await this.#arrivals.take();
      if (bodies.length > 0) return { bodies };
      // Something came while the inbox was read: nothing would wake this loop for it any more.
      if (this.#wakeUps !== before) continue;
      const from = parksFrom();
      if (from <= this.now()) return { parked: wakeUpOf(wait, this.#deps.workplace.clock) };
      await this.#somethingArrives(from);
    }
  }

  /** The first signal: `next` asks the tasks to stop, and ends with what they reported. timeouts.ts lists what follows, and when. */
  stop(signal: NodeJS.Signals): void {
    this.#signal ??= signal;
    this.#wakeUp();
  }

  /** The second signal: every command is killed before this returns. */
  kill(): void {
    this.#deliveries.abandon();
    this.#carrier.kill();
  }

  /** The process ends without a signal: nobody else will end the commands that still run. */
  leaveToGuard(): void {
    this.#deps.workplace.processes.leaveToGuard();
  }

  /** What lists of runs show of this one. Rejects with `REL_LEASE_LOST`. */
  summarise(summary: RunSummary): Promise<void> {
    return this.#writer.summarise(summary);
  }

  /** Ends what still waits or watches, and returns the lease. The store stays open. */
  async close(): Promise<void> {
    await this.#stopOperations();
    this.#stopBeating();
    this.#deps.workplace.processes.close();
    await this.#deps.lease.release();
  }

  #noteJump(): void {
    const byMs = this.#deps.workplace.clock.takeJump?.() ?? 0;
    if (byMs !== 0) this.#arrive({ fact: 'clock-set', byMs });
  }

  #arrive(body: FactBody): void {
    this.#arrivals.add(body);
    this.#wakeUp();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wakeUps += 1;
    this.#wake();
  }

  #parkFrom(wait: Wait): Ms {
    const { parkAfterMs } = this.#deps;
    if (parkAfterMs === undefined || !this.#operations.mayRest || this.#inbox.isLookingUp) return Infinity;
    return parkFrom(wait, { parkAfterMs, now: this.now(), actedAt: this.#actedAt });
  }

  /** Or `latest` has come. Waits for one turn more, so that what ends together is recorded together. */
  async #somethingArrives(latest: Ms): Promise<void> {
    const callOff = latest === Infinity ? undefined : callAt(this.#deps.workplace.clock, latest, () => this.#wakeUp());
    const stopPolling = this.#inbox.poll(
      (bodies) => bodies.forEach((body) => this.#arrive(body)),
      (error) => this.#fail(error),
    );
    await new Promise<void>((resolve) => (this.#wake = resolve));
    stopPolling();
    callOff?.();
    this.#wake = () => undefined;
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #interrupted(signal: NodeJS.Signals): Promise<Arrival> {
    await this.#stopOperations();
    return { interrupted: signal, arrived: this.#arrivals.takeReported() };
  }

  /** Once: a second call waits for the same seconds. What still runs then is killed: nothing outlives its driver. */
  #stopOperations(): Promise<void> {
    this.#groups.stop();
    return (this.#stopped ??= atMost(interruptedWithinMs, this.#operations.stop()).then(() => this.kill()));
  }

  #startWatch(op: WatchOp, isTakenUp: boolean): Watch {
    return openWatch(op, isTakenUp, this.#deps, {
      onBody: (body) => this.#arrive(body),
      saveMeasurements: (records) => this.#writer.saveMeasurements(records),
      onBroken: (error) => this.#fail(error),
    });
  }

  /** The process that has the lease now runs the same steps: everything here must stop. */
  #loseLease(): void {
    void this.#stopOperations();
    this.#fail(relpipeError('REL_LEASE_LOST', { run: this.#deps.lease.run }));
  }
}
