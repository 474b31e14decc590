import { decide } from '../../../src/run/core/decide.ts';
import type { Evaluate } from '../../../src/run/core/decide/decision.ts';
import type { Change } from '../../../src/run/core/change.ts';
import { decided, evolve } from '../../../src/run/core/evolve.ts';
import type { Fact } from '../../../src/run/core/fact.ts';
import { reconsiderEverything } from '../../../src/run/core/look-again.ts';
import { newRunState } from '../../../src/run/core/state/run-state.ts';

/** Expressions of golden runs are JSON text. */
const evaluate: Evaluate = (source) => JSON.parse(source) as never;

/**
 * Decides a recorded run anew from its arrivals. Returns the number of the first fact that would be decided otherwise today, with both
 * decisions; undefined where all are as recorded.
 */
export function firstDifference(facts: readonly Fact[]): { readonly seq: number; readonly recorded: readonly string[]; readonly now: readonly string[] } | undefined {
  const state = newRunState();
  for (const fact of facts) {
    if (fact.fact !== 'decided') {
      evolve(state, structuredClone(fact));
      continue;
    }
    reconsiderEverything(state);
    const now = essence(decide(state, evaluate).changes);
    const recorded = essence(fact.changes);
    if (now.join() !== recorded.join()) return { seq: fact.seq, recorded, now };
    decided(state, fact);
  }
  reconsiderEverything(state);
  const more = essence(decide(state, evaluate).changes);
  return more.length === 0 ? undefined : { seq: facts.length, recorded: [], now: more };
}

/** The order within one decision follows from which nodes are looked at first, which a run that is read back does not know. */
const essence = (changes: readonly Change[]): string[] => changes.map((change) => JSON.stringify(change)).sort();
