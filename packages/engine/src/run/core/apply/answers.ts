import type { ChangeOf } from '../change.ts';
import { isGroup } from '../state/node.ts';
import { closeOp } from '../state/open-ops.ts';
import type { RunState } from '../state/run-state.ts';

/** Records whether an answer counts: it is one vote of an approval, or closes any other question. */
export function vote(state: RunState, { answer: id, counts }: ChangeOf<'vote'>): void {
  const index = state.answers.findIndex((candidate) => candidate.id === id);
  const [answer] = index < 0 ? [] : state.answers.splice(index, 1);
  if (!answer) return;
  state.news.push({ what: 'voted', answer, counted: counts });
  const step = state.owners.get(answer.key);
  const op = step?.open.get(answer.key);
  if (!counts || step === undefined || isGroup(step) || op?.op !== 'ask') return;
  if (op.question !== 'approve') {
    closeOp(state, step, answer.key);
    if (op.question === 'changed-by-others' && answer.answer === 'yes') step.mayOverwrite = true;
    if (op.question === 'outcome-unknown' && answer.answer === 'yes') step.output = answer.output ?? {};
    return;
  }
  const votes = new Set(step.votes);
  if (answer.answer === 'yes') votes.add(answer.who.who);
  else votes.delete(answer.who.who);
  step.votes = votes;
}
