import { decide } from './core/decide.ts';
import type { Begun, Evaluate, Rest } from './core/decision.ts';
import { evolve } from './core/evolve.ts';
import type { Fact } from './core/fact.ts';
import type { RunState } from './core/run-state.ts';
import type { Arrival, Runtime } from './runtime.ts';

/** Why the loop ended. */
export type Ending = Exclude<Rest, { rest: 'wait' }> | Exclude<Arrival, { bodies: unknown }>;

/** Follows a run. What it tells others about a fact it tells only once that fact is durable. */
export interface Follower {
  /** The state is as it stands right behind the fact, and will change. */
  onFact(fact: Fact, state: RunState): void;
  /** Every fact so far is durable. */
  onCommit(): void;
}

/**
 * The only loop, the same for every runtime: decide until nothing is left to decide, make the decisions durable, act, wait for facts.
 * Facts that arrived are made durable together with the decisions that follow from them: nothing acts in between.
 */
export async function drive(state: RunState, runtime: Runtime, evaluate: Evaluate, follower: Follower): Promise<Ending> {
  for (;;) {
    const { begun, rest } = decideAll(state, runtime, evaluate, follower);
    await runtime.commit();
    follower.onCommit();
    for (const { begin = [], cancel = [] } of begun) runtime.act({ begin, cancel });
    if (rest.rest === 'frozen') {
      const bodies = runtime.arrived();
      if (bodies.length === 0) return rest;
      for (const body of bodies) fold(state, runtime.append(body), follower);
      continue;
    }
    if (rest.rest !== 'wait') return rest;

    const arrival = await runtime.next(rest.wait);
    if (!('bodies' in arrival)) {
      if ('said' in arrival) for (const body of arrival.said) fold(state, runtime.append(body), follower);
      await runtime.commit();
      follower.onCommit();
      return arrival;
    }
    for (const body of arrival.bodies) fold(state, runtime.append(body), follower);
  }
}

function decideAll(state: RunState, runtime: Runtime, evaluate: Evaluate, follower: Follower): { begun: Begun[]; rest: Rest } {
  const begun: Begun[] = [];
  for (;;) {
    const decision = decide(state, evaluate);
    if ('rest' in decision) {
      state.dirty.clear();
      state.back?.dirty.clear();
      return { begun, rest: decision };
    }
    begun.push(decision);
    fold(state, runtime.append(decision), follower);
  }
}

function fold(state: RunState, fact: Fact, follower: Follower): void {
  evolve(state, fact);
  follower.onFact(fact, state);
}
