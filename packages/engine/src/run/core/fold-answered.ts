import { failureOf } from './failure.ts';
import type { Fact } from './fact.ts';
import type { AskOp } from './op.ts';
import { ownerOf } from './op.ts';
import { closeOp } from './open-and-close.ts';
import { becomeNext } from './readiness.ts';
import type { StepState } from './node.ts';
import type { RunState } from './run-state.ts';
import { settleStep } from './settle.ts';
import { undoAnswered } from './way-back.ts';

type Answered = Extract<Fact, { fact: 'answered' }>;

/** A person answered a question. One person counts once; a vote for another plan, or by somebody not asked, does not count. */
export function foldAnswered(state: RunState, fact: Answered): void {
  const step = state.steps.get(ownerOf(fact.key));
  const op = step?.open.get(fact.key);
  const isOpen = op?.op === 'ask' && (op.question === 'undo-by-hand' || (step?.at === 'running' && !step.votes.has(fact.who.who)));
  const counted = isOpen && mayAnswer(op, fact);
  if (step) state.news.push({ what: 'voted', step: step.plan.key, counted });
  if (!step || !counted) return;
  state.dirty.add(step);
  if (op.question === 'undo-by-hand') {
    closeOp(state, step, fact.key);
    return undoAnswered(state, step.plan.key, fact);
  }
  if (op.question === 'approve') vote(state, step, op, fact);
  else itHappened(state, step, fact);
}

const mayAnswer = (op: AskOp, fact: Answered): boolean =>
  op.fingerprint === fact.fingerprint && (op.of.length === 0 || op.of.includes(fact.who.who));

function vote(state: RunState, step: StepState, op: AskOp, fact: Answered): void {
  if (!fact.yes) {
    const because = `rejected by ${fact.who.who}${fact.comment === undefined ? '' : `: ${fact.comment}`}`;
    return settleStep(state, step, 'failed', { because, failure: failureOf('REL_REJECTED', because) });
  }
  step.votes = new Set([...step.votes, fact.who.who]);
  if (step.votes.size >= op.quorum) settleStep(state, step, 'succeeded', { because: `approved by ${[...step.votes].join(', ')}` });
}

function itHappened(state: RunState, step: StepState, fact: Answered): void {
  closeOp(state, step, fact.key);
  if (fact.yes) {
    step.output = fact.output ?? {};
    return settleStep(state, step, 'succeeded', { because: `${fact.who.who} says it happened` });
  }
  step.isTouched = step.saved !== undefined;
  becomeNext(state, step, 'run');
}
