import type { Json } from '../../../contract/index.ts';
import type { ChangeOf } from '../change.ts';
import { isGroup, type StepState } from '../state/node.ts';
import { closeOp, openOp } from '../state/open-ops.ts';
import { stepOf, type RunState } from '../state/run-state.ts';
import { forWhom, validVotes, votesAfter } from '../votes.ts';

/** Records whether an answer counts: it is one vote of an approval, or closes any other question. */
export function vote(state: RunState, { answer: id, counts, because }: ChangeOf<'vote'>): void {
  const index = state.answers.findIndex((candidate) => candidate.id === id);
  const [answer] = index < 0 ? [] : state.answers.splice(index, 1);
  if (!answer) return;
  state.news.push({ what: 'voted', answer, counted: counts, ...(because !== undefined && { because }) });
  const step = state.owners.get(answer.key);
  const op = step?.open.get(answer.key);
  if (!counts || step === undefined || isGroup(step) || op?.op !== 'ask') return;
  if (op.question !== 'approve') {
    closeOp(state, step, answer.key);
    if (op.question === 'changed-by-others' && answer.answer === 'yes') step.mayOverwrite = true;
    if (op.question === 'outcome-unknown' && answer.answer === 'yes') step.output = answer.output ?? {};
    return;
  }
  const { who, onBehalfOf, items, comment } = answer;
  step.votes = votesAfter(op, step.votes, answer.answer, {
    who: who.who,
    at: state.now,
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    ...(items && { items }),
    ...(comment !== undefined && { comment }),
  });
}

/** The question stays open, for other people. */
export function askOthers(state: RunState, { op }: ChangeOf<'ask-others'>): void {
  openOp(state, stepOf(state, op.step), op);
  state.news.push({ what: 'asked-others', op });
}

export function askLater(state: RunState, { step, because, until }: ChangeOf<'ask-later'>): void {
  state.news.push({ what: 'ask-later', step, because, until });
}

/** The outputs of an approval, for later steps: who approved it in whose place, when it was decided, and what they said. */
export function approvalOutput(state: RunState, { votes, open }: StepState): Json {
  const ask = [...open.values()].find((op) => op.op === 'ask');
  const counted = ask === undefined ? [] : validVotes(ask, votes);
  return {
    by: [...new Set(counted.map(({ who }) => who))],
    'on-behalf-of': [...new Set(counted.filter(({ onBehalfOf }) => onBehalfOf !== undefined).map(forWhom))],
    at: new Date(state.now).toISOString(),
    comments: counted.flatMap(({ comment }) => (comment === undefined ? [] : [comment])),
  };
}
