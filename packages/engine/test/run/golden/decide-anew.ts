import type { Change } from '../../../src/run/core/change.ts';
import { nextOpening } from '../../../src/calendar/next-opening.ts';
import { decide } from '../../../src/run/core/decide.ts';
import type { Idle } from '../../../src/run/core/decide/decision.ts';
import { decided, evolve } from '../../../src/run/core/evolve.ts';
import type { Fact } from '../../../src/run/core/fact.ts';
import { reconsiderEverything } from '../../../src/run/core/reconsider-everything.ts';
import { newRunState } from '../../../src/run/core/state/run-state.ts';
import { simpleExpressions } from '../core/simple-expressions.ts';

/** A decision of a golden run, made anew. */
export interface GoldenDecision {
  /** Of the fact that records it; one more than the last where nothing was left to record. */
  readonly seq: number;
  readonly changes: readonly string[];
  /** What the run waits for after it. */
  readonly idle: Idle;
  /** The recorded changes, where these are others: the rest of the run follows from other decisions. */
  readonly recorded?: readonly string[];
}

/** Decides a recorded run anew from its arrivals, up to the first decision that would be another today. */
export function decideAnew(facts: readonly Fact[]): readonly GoldenDecision[] {
  const state = newRunState();
  const decisions: GoldenDecision[] = [];
  for (const fact of facts) {
    if (fact.fact !== 'decided') {
      evolve(state, structuredClone(fact));
      continue;
    }
    const decision = again(fact.seq);
    const recorded = essence(fact.changes);
    if (decision.changes.join() !== recorded.join()) return [...decisions, { ...decision, recorded }];
    decisions.push(decision);
    decided(state, fact);
  }
  return [...decisions, again(facts.length)];

  function again(seq: number): GoldenDecision {
    reconsiderEverything(state);
    const { changes, idle } = decide(state, simpleExpressions, undefined, nextOpening);
    return { seq, changes: essence(changes), idle: JSON.parse(JSON.stringify(idle)) as Idle };
  }
}

/** The order within one decision follows from which nodes are looked at first, which a run that is read back does not know. */
const essence = (changes: readonly Change[]): string[] => changes.map((change) => JSON.stringify(change)).sort();
