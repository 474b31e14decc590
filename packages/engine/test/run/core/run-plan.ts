import type { Plan } from '../../../src/plan/plan.ts';
import type { Evaluate } from '../../../src/run/core/decision.ts';
import { evolve } from '../../../src/run/core/evolve.ts';
import type { Fact, FactBody } from '../../../src/run/core/fact.ts';
import { lookAgain } from '../../../src/run/core/look-again.ts';
import type { Op } from '../../../src/run/core/op.ts';
import { newRunState, type RunState } from '../../../src/run/core/run-state.ts';
import { drive, type Ending } from '../../../src/run/drive.ts';
import { SimulatedRuntime, type Script, type SimulatedOptions } from '../../../src/run/simulated/simulated-runtime.ts';

export interface Simulation {
  readonly ending: Ending;
  readonly state: RunState;
  readonly journal: readonly Fact[];
  readonly at: number;
}

export const noExpressions: Evaluate = (source) => JSON.parse(source) as never;
const nobody = { onFact: () => undefined, onCommit: () => undefined };

/** Runs a plan to its end against a scripted world. Expressions are JSON text. */
export async function runPlan(
  plan: Plan,
  script: Script,
  options: SimulatedOptions & { readonly parallel?: number; readonly evaluate?: Evaluate } = {},
): Promise<Simulation> {
  const runtime = new SimulatedRuntime(script, options);
  const state = newRunState();
  const planned = runtime.append({
    fact: 'planned',
    run: 'r1',
    plan,
    parallel: options.parallel ?? 100,
    who: { who: 'ann', by: 'os-user' },
  });
  evolve(state, planned);
  const ending = await drive(state, runtime, options.evaluate ?? noExpressions, nobody);
  return { ending, state, journal: runtime.journal, at: runtime.now };
}

/** A new process takes the run up from its journal, with letters waiting for it. */
export async function takeUp({ journal }: Pick<Simulation, 'journal'>, script: Script, letters: readonly FactBody[]): Promise<Simulation> {
  const runtime = new SimulatedRuntime(script, { journal });
  const state = replay(journal);
  for (const letter of letters) evolve(state, runtime.append(letter));
  lookAgain(state);
  runtime.takeUp([...state.steps.values(), ...state.groups.values()].flatMap(({ open }) => [...open.values()]));
  const ending = await drive(state, runtime, noExpressions, nobody);
  return { ending, state, journal: runtime.journal, at: runtime.now };
}

/** Folds a journal, and shows the state before each fact. */
export function replay(journal: readonly Fact[], before: (fact: Fact, state: RunState) => void = () => undefined): RunState {
  const state = newRunState();
  for (const fact of journal) {
    before(fact, state);
    evolve(state, structuredClone(fact));
  }
  return state;
}

/** Every op in the order in which it was begun. */
export const opsOf = (journal: readonly Fact[]): Op[] => journal.flatMap((fact) => (fact.fact === 'begun' ? (fact.begin ?? []) : []));

export const tasksOf = (journal: readonly Fact[]): string[] => opsOf(journal).filter((op) => op.op === 'task').map((op) => op.key);
