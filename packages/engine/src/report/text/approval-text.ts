import type { Answer } from '../../run/core/fact.ts';
import { type Approvers, forWhom, isApproved, validVotes, type Vote, voterText, votesAfter } from '../../run/core/votes.ts';
import { counted, list } from '../../util/phrases.ts';
import type { StepView, WaitView } from '../view/run-view.ts';

/** `Approvals: ann, bob (2 of 3).`, and of a checklist what is approved so far. */
export function approvalsText(approvers: Approvers, votes: readonly Vote[]): string {
  const valid = validVotes(approvers, votes);
  const by = valid.length === 0 ? 'none' : valid.map(voterText).join(', ');
  if (approvers.items === undefined) return `Approvals: ${by} (${given(valid)} of ${approvers.quorum}).`;
  return `Approvals: ${by}. Items: ${approvers.items.length - itemsLeft(approvers, votes).length} of ${approvers.items.length}.`;
}

/** What an approval still waits for: `1 of 2 approvals by ann, bob`; the number only where it is known. */
export function missingText(step: StepView, wait: WaitView | undefined): string {
  const approvers = approversIn(step, wait);
  if (approvers === undefined) return 'an approval';
  const votes = votesIn(step, approvers);
  const left = itemsLeft(approvers, votes);
  const items = left.length === 0 ? '' : ` of ${counted(left.length, 'item')} (${left.map((item) => `${item}. ${approvers.items?.[item - 1] ?? ''}`).join(', ')})`;
  return `${approvalsLeft(approvers, validVotes(approvers, votes))}${items}${peopleText(approvers)}`;
}

function approvalsLeft({ quorum, each, of, items }: Approvers, votes: readonly Vote[]): string {
  if (items !== undefined) return each === true || quorum > 1 ? `${quorum} approvals` : 'an approval';
  if (each !== true) return Number.isInteger(quorum) && quorum > 1 ? `${given(votes)} of ${quorum} approvals` : 'an approval';
  const approved = new Set(votes.map(forWhom));
  return `${given(votes)} of ${quorum} approvals, still missing ${list(of.filter((person) => !approved.has(person)))},`;
}

const peopleText = ({ of, except = [], delegates = [] }: Approvers): string =>
  [
    of.length > 0 ? ` by ${of.join(', ')}` : except.length > 0 ? ` by anybody except ${list(except)}` : '',
    delegates.length > 0 ? ` or on their behalf by ${delegates.join(', ')}` : '',
  ].join('');

const given = (votes: readonly Vote[]): number => new Set(votes.map(forWhom)).size;

/** The numbers of the items that are not approved yet. */
const itemsLeft = ({ items = [], ...approvers }: Approvers, votes: readonly Vote[]): readonly number[] =>
  items.map((_, n) => n + 1).filter((item) => !isApproved(approvers, votes.filter((vote) => vote.items?.includes(item) === true)));

/** As the question said; where it said nothing that the plan does not know, as planned. */
function approversIn({ step: { act } }: StepView, wait: WaitView | undefined): Approvers | undefined {
  if (wait?.approvers !== undefined || act.act !== 'approval') return wait?.approvers;
  return { quorum: Number(act.quorum), of: act.of.filter((entry) => typeof entry === 'string') };
}

/** The votes that the answers so far add up to. */
function votesIn({ answers }: StepView, approvers: Approvers): readonly Vote[] {
  return answers
    .filter((answer) => answer.counted)
    .reduce<readonly Vote[]>((votes, { at, who, yes, withdrawn, onBehalfOf, items }) => {
      const answer: Answer = withdrawn ? 'withdrawn' : yes ? 'yes' : 'no';
      const vote = { who: who.who, at, ...(onBehalfOf !== undefined && { onBehalfOf }), ...(items !== undefined && { items }) };
      return votesAfter(approvers, votes, answer, vote);
    }, []);
}
