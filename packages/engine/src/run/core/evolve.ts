import type { Fact } from './fact.ts';
import { foldAnswered } from './fold-answered.ts';
import { foldBegun } from './fold-begun.ts';
import { foldEnded } from './fold-ended.ts';
import { foldFired } from './fold-fired.ts';
import { foldJudged } from './fold-judged.ts';
import { foldPlanned } from './fold-planned.ts';
import { foldTold } from './fold-told.ts';
import { isGroup } from './node.ts';
import type { RunState } from './run-state.ts';

/** Folds one recorded fact. Owns the state and changes it in place; knows no clock, no I/O and no chance. */
export function evolve(state: RunState, fact: Fact): RunState {
  state.now = Math.max(state.now, fact.at);
  state.seq = fact.seq;
  state.news = [];
  foldFact(state, fact);
  return state;
}

function foldFact(state: RunState, fact: Fact): void {
  switch (fact.fact) {
    case 'planned':
      return foldPlanned(state, fact);
    case 'begun':
      return foldBegun(state, fact);
    case 'told':
      return foldTold(state, fact);
    case 'saved':
      return foldSaved(state, fact);
    case 'fired':
      return foldFired(state, fact);
    case 'ended':
      return foldEnded(state, fact);
    case 'judged':
      return foldJudged(state, fact);
    case 'answered':
      return foldAnswered(state, fact);
  }
}

function foldSaved(state: RunState, fact: Extract<Fact, { fact: 'saved' }>): void {
  const step = state.owners.get(fact.key);
  if (step === undefined || isGroup(step)) return;
  step.saved = fact.state;
  step.isTouched = true;
}
