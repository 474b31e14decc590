import type { Ms } from '../../model/ms.ts';
import type { Fact, FactBody } from '../core/fact.ts';
import type { Op, OpKey } from '../core/operation.ts';
import type { Arrival, Runtime, Wait } from '../runtime.ts';

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
}

/** A runtime with a virtual clock and a scripted world: a release of days takes milliseconds. */
export class SimulatedRuntime implements Runtime {
  readonly journal: Fact[];
  now: Ms;
  #coming: Coming[] = [];
  #order = 0;
  readonly #known = new Set<OpKey>();
  readonly #script: Script;
  readonly #stopsAfterMs: Ms;
  readonly #onWait: SimulatedOptions['onWait'];

  constructor(script: Script, { stopsAfterMs = 1_000, inbox = [], journal = [], onWait }: SimulatedOptions = {}) {
    this.#script = script;
    this.#stopsAfterMs = stopsAfterMs;
    this.#onWait = onWait;
    this.journal = [...journal];
    this.now = this.journal.at(-1)?.at ?? 0;
    for (const [at, body] of inbox) this.#add(Math.max(at, this.now), 'inbox', body);
  }

  append(body: FactBody): Fact {
    const fact: Fact = { ...structuredClone(body), seq: this.journal.length, at: this.now };
    this.journal.push(fact);
    return structuredClone(fact);
  }

  async commit(): Promise<void> {
    // Everything is in memory.
  }

  act({ start, cancel }: { readonly start: readonly Op[]; readonly cancel: readonly OpKey[] }): void {
    for (const key of cancel) this.#cancel(key);
    for (const op of start) this.#start(op);
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

  async next(wait: Wait): Promise<Arrival> {
    this.#onWait?.(wait);
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
    else for (const [ms, body] of this.#script(op)) this.#add(this.now + ms, op.key, body);
  }

  #cancel(key: OpKey): void {
    const wasTask = this.#coming.some((coming) => coming.key === key && coming.body.fact === 'ended');
    this.#coming = this.#coming.filter((coming) => coming.key !== key);
    if (!wasTask) this.#known.delete(key);
    if (wasTask) this.#add(this.now + this.#stopsAfterMs, key, { fact: 'ended', key, result: { status: 'cancelled' } });
  }

  #add(at: Ms, key: OpKey, body: FactBody): void {
    this.#coming.push({ at: Math.max(at, this.now), order: this.#order++, key, body });
  }
}
