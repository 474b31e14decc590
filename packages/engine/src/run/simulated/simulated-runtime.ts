import type { Ms } from '../../model/ms.ts';
import type { Fact, FactBody } from '../core/fact.ts';
import type { LockOp, Op, OpKey } from '../core/operation.ts';
import type { Arrival, Runtime, Wait } from '../runtime.ts';
import { SimulatedGroups } from './simulated-groups.ts';
import type { Turns } from './turns.ts';

/** What a run hears that another one supersedes. */
const superseded: FactBody = {
  fact: 'commanded',
  id: 'superseded',
  who: { who: 'ann', by: 'os-user' },
  command: { name: 'rollback', urgency: 'staged' },
  reason: 'superseded',
};

/** How the simulated world answers an op: facts, each with its delay after the start of the op. Timers fire by themselves. */
export type Script = (op: Op) => readonly (readonly [Ms, FactBody])[];

interface Coming {
  readonly at: Ms;
  readonly order: number;
  readonly key: OpKey;
  readonly body: FactBody;
}

export interface SimulatedOptions {
  /** How long a task takes to stop when it is asked. */
  readonly stopsAfterMs?: Ms;
  /** Answers and commands of people, each with its time. */
  readonly inbox?: readonly (readonly [Ms, FactBody])[];
  /** Hears what the loop waits for. */
  readonly onWait?: (wait: Wait) => void;
  /** Facts of a previous process; the clock continues from the last one. */
  readonly journal?: readonly Fact[];
  /** Groups of runs that it shares with others; default: it is alone. */
  readonly groups?: SimulatedGroups;
  /** The time that it shares with others. */
  readonly turns?: Turns;
}

/** A runtime with a virtual clock and a scripted world: a release of days takes milliseconds. */
export class SimulatedRuntime implements Runtime {
  readonly journal: Fact[];
  now: Ms;
  #coming: Coming[] = [];
  #order = 0;
  readonly #known = new Set<OpKey>();
  /** Groups that it waits for. */
  readonly #awaited = new Map<string, LockOp>();
  readonly #script: Script;
  readonly #stopsAfterMs: Ms;
  readonly #onWait: SimulatedOptions['onWait'];

  readonly #groups: SimulatedGroups;
  readonly #turns: Turns | undefined;
  #uncommitted: Fact[] = [];

  constructor(script: Script, { stopsAfterMs = 1_000, inbox = [], journal = [], groups = new SimulatedGroups(), turns, onWait }: SimulatedOptions = {}) {
    this.#script = script;
    this.#stopsAfterMs = stopsAfterMs;
    this.#groups = groups;
    this.#turns = turns;
    this.#onWait = onWait;
    this.journal = [...journal];
    this.now = this.journal.at(-1)?.at ?? 0;
    if (this.journal.length > 0) this.#enterGroups(this.#run);
    for (const [at, body] of inbox) this.#add(Math.max(at, this.now), 'inbox', body);
  }

  /** When the next fact comes. */
  get nextAt(): Ms | undefined {
    return this.#coming.length === 0 ? undefined : Math.min(...this.#coming.map(({ at }) => at));
  }

  append(body: FactBody): Fact {
    const fact: Fact = { ...structuredClone(body), seq: this.journal.length, at: this.now };
    this.journal.push(fact);
    this.#uncommitted.push(fact);
    if (fact.fact === 'planned') this.#enterGroups(fact.run);
    return structuredClone(fact);
  }

  /** Everything is in memory; groups are returned with the facts. */
  async commit(): Promise<void> {
    const changes = this.#uncommitted.splice(0).flatMap((fact) => (fact.fact === 'decided' ? fact.changes : []));
    for (const change of changes) if (change.do === 'unlock') this.#groups.giveBack(this.#run, change, this.now);
  }

  act({ start, cancel }: { readonly start: readonly Op[]; readonly cancel: readonly OpKey[] }): void {
    for (const key of cancel) this.#cancel(key);
    for (const op of start) this.#start(op);
  }

  /** The process is killed: nothing that it has started happens any more. What people have sent is still there. */
  forget(): void {
    this.#coming = this.#coming.filter(({ key }) => key === 'inbox');
    this.#known.clear();
    this.#awaited.clear();
  }

  /** The tasks and messages of the previous process ended with it. */
  takeUp(open: readonly Op[]): void {
    for (const op of open) {
      if (op.op === 'notify') this.#add(this.now, op.key, { fact: 'notified', key: op.key, result: { status: 'lost' } });
      else if (op.op !== 'task') this.#start(op);
      else this.#add(this.now, op.key, { fact: 'ended', key: op.key, result: { status: 'lost' } });
    }
  }

  async arrived(): Promise<readonly FactBody[]> {
    const here = this.#coming.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at || a.order - b.order);
    this.#coming = this.#coming.filter(({ at }) => at > this.now);
    return here.map(({ body }) => body);
  }

  async rest(wakeAt: Ms | undefined): Promise<Arrival> {
    const bodies = await this.arrived();
    return bodies.length > 0 ? { bodies } : { parked: wakeAt === undefined ? {} : { wakeAt } };
  }

  async next(wait: Wait): Promise<Arrival> {
    this.#onWait?.(wait);
    if (this.#turns !== undefined && !(await this.#turns.next(this))) return { parked: {} };
    this.#coming.sort((a, b) => a.at - b.at || a.order - b.order);
    const first = this.#coming.shift();
    if (!first) throw new Error(`The script ended while the run still waits: ${JSON.stringify(wait)}.`);
    this.now = Math.max(this.now, first.at);
    return { bodies: [first.body] };
  }

  #start(op: Op): void {
    if (this.#known.has(op.key)) return;
    this.#known.add(op.key);
    if (op.op === 'timer') this.#add(op.at, op.key, { fact: 'fired', key: op.key });
    else if (op.op === 'lock') this.#takeGroup(op);
    else for (const [ms, body] of this.#script(op)) this.#add(this.now + ms, op.key, body);
  }

  get #run(): string {
    const [first] = this.journal;
    return first?.fact === 'planned' ? first.run : '';
  }

  #enterGroups(run: string): void {
    this.#groups.enter(run, {
      onGranted: (group, at) => {
        const op = this.#awaited.get(group);
        if (op === undefined) return;
        this.now = Math.max(this.now, at);
        this.#takeGroup(op);
      },
      onSuperseded: () => this.#add(this.now, 'inbox', superseded),
    });
  }

  #takeGroup(op: LockOp): void {
    const { key, lock, onConflict, forRollback } = op;
    const answer = this.#groups.take({ run: this.#run, fence: 1, group: lock, onConflict, ...(forRollback && { forRollback }) });
    this.#awaited.delete(lock);
    if (answer.is === 'held') return this.#add(this.now, key, { fact: 'locked', key, lock });
    const holder = { run: answer.holder, state: 'running', changed: [] };
    if (answer.is === 'refused') return this.#add(this.now, key, { fact: 'lock-refused', key, lock, holder, because: answer.because });
    this.#awaited.set(lock, op);
    this.#add(this.now, key, { fact: 'lock-awaited', key, lock, holder });
  }

  #cancel(key: OpKey): void {
    for (const [group, op] of this.#awaited) if (op.key === key) this.#awaited.delete(group);
    const wasTask = this.#coming.some((coming) => coming.key === key && coming.body.fact === 'ended');
    this.#coming = this.#coming.filter((coming) => coming.key !== key);
    if (!wasTask) this.#known.delete(key);
    if (wasTask) this.#add(this.now + this.#stopsAfterMs, key, { fact: 'ended', key, result: { status: 'cancelled' } });
  }

  #add(at: Ms, key: OpKey, body: FactBody): void {
    this.#coming.push({ at: Math.max(at, this.now), order: this.#order++, key, body });
  }
}
