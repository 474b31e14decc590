import { expect } from 'vitest';
import { nextOpening } from '../../../src/calendar/next-opening.ts';
import { mayChangeAnything } from '../../../src/plan/may-change.ts';
import { ancestors, groupsByKey } from '../../../src/plan/dag.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { evolve } from '../../../src/run/core/evolve.ts';
import type { Fact, FactBody } from '../../../src/run/core/fact.ts';
import { isOfRollback, type Op } from '../../../src/run/core/operation.ts';
import { reconsiderEverything } from '../../../src/run/core/reconsider-everything.ts';
import { openLocks } from '../../../src/run/core/state/concurrency.ts';
import { newRunState } from '../../../src/run/core/state/run-state.ts';
import { drive, type Ending } from '../../../src/run/drive.ts';
import { SimulatedGroups } from '../../../src/run/simulated/simulated-groups.ts';
import { SimulatedRuntime, type Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { Turns } from '../../../src/run/simulated/turns.ts';
import { planned } from './plans.ts';
import { changesOf, noExpressions, replay } from './run-plan.ts';

export interface RunInCompany {
  readonly run: string;
  readonly plan: Plan;
  readonly script: Script;
  /** When it starts. */
  readonly at?: number;
  readonly inbox?: readonly (readonly [number, FactBody])[];
  readonly parallel?: number;
  /** Its process is killed after so many facts, and another one takes it up at once. */
  readonly killedAfter?: number;
}

export interface Together {
  readonly endings: Readonly<Record<string, Ending>>;
  readonly journals: Readonly<Record<string, readonly Fact[]>>;
}

/** Several runs on one store and one time. Never do two of them have changes of one group in effect that an open run could still roll back. */
export async function runTogether(runs: readonly RunInCompany[]): Promise<Together> {
  const groups = new SimulatedGroups();
  const turns = new Turns(runs.length);
  const inEffect = new Map<string, string>();
  const endings: Record<string, Ending> = {};
  const journals: Record<string, readonly Fact[]> = {};
  await Promise.all(
    runs.map(async (one) => {
      const runtime = new WatchedRuntime(one, groups, turns, inEffect);
      try {
        endings[one.run] = await driveFrom(runtime, one);
      } finally {
        journals[one.run] = runtime.journal;
        turns.leave();
      }
    }),
  );
  return { endings, journals };
}

async function driveFrom(runtime: WatchedRuntime, { run, plan, parallel = 4, killedAfter }: RunInCompany): Promise<Ending> {
  const state = newRunState();
  evolve(state, runtime.append(planned(plan, parallel, run)));
  const nobody = { onFact: () => undefined, onCommit: () => undefined };
  try {
    return await drive(state, runtime, noExpressions, nobody, { nextOpening });
  } catch (error) {
    if (error !== killed) throw error;
  }
  expect(killedAfter).toBeDefined();
  const again = replay(runtime.journal);
  reconsiderEverything(again);
  const open = [...again.steps.values(), ...again.groups.values()].flatMap((node) => [...node.open.values()]);
  runtime.takeUpAgain([...open, ...openLocks(again).map(({ op }) => op)]);
  return drive(again, runtime, noExpressions, nobody, { nextOpening });
}

const killed = new Error('killed');

/** Holds a run to the rule, by what it starts and gives back. */
class WatchedRuntime extends SimulatedRuntime {
  readonly #one: RunInCompany;
  readonly #inEffect: Map<string, string>;
  #isKilled = false;

  constructor(one: RunInCompany, groups: SimulatedGroups, turns: Turns, inEffect: Map<string, string>) {
    super(one.script, { groups, turns, inbox: one.inbox ?? [] });
    this.#one = one;
    this.#inEffect = inEffect;
    this.now = one.at ?? 0;
  }

  takeUpAgain(open: readonly Op[]): void {
    this.forget();
    this.takeUp(open);
  }

  override act(ops: { readonly start: readonly Op[]; readonly cancel: readonly string[] }): void {
    for (const op of ops.start) if (op.op === 'task') this.#insist(op);
    super.act(ops);
  }

  override async commit(): Promise<void> {
    const last = this.journal.at(-1);
    await super.commit();
    for (const change of last === undefined ? [] : changesOf(last))
      if (change.do === 'unlock' && this.#inEffect.get(change.lock) === this.#one.run) this.#inEffect.delete(change.lock);
    const { killedAfter } = this.#one;
    if (killedAfter === undefined || this.#isKilled || this.journal.length < killedAfter) return;
    this.#isKilled = true;
    throw killed;
  }

  #insist(op: Extract<Op, { op: 'task' }>): void {
    const { plan, run } = this.#one;
    const groups = groupsByKey(plan);
    const step = plan.steps.find(({ key }) => key === op.step);
    if (step === undefined) return;
    const around = [...ancestors(groups, step.group)];
    if (!mayChangeAnything(step, around) || (op.verb !== 'run' && !isOfRollback(op.verb))) return;
    for (const { concurrency } of around) {
      if (concurrency === undefined || concurrency === 'none') continue;
      expect(this.#inEffect.get(concurrency.group) ?? run, `${run} starts ${op.key} in the group ${concurrency.group}`).toBe(run);
      this.#inEffect.set(concurrency.group, run);
    }
  }
}
