import type { Ms } from '../../model/ms.ts';
import type { Answer } from './fact.ts';
import type { AskOp } from './operation.ts';

/** The people who may answer a question, and when it is approved. */
export type Approvers = Pick<AskOp, 'quorum' | 'of' | 'each' | 'except' | 'delegates' | 'items'>;

/** The people who may answer this question, without the rest of it. */
export const approversIn = ({ quorum, of, each, except, delegates, items }: Approvers): Approvers => ({
  quorum,
  of,
  ...(each && { each }),
  ...(except && { except }),
  ...(delegates && { delegates }),
  ...(items && { items }),
});

/** The person who answers, and the person in whose place. */
export interface Voter {
  readonly who: string;
  readonly onBehalfOf?: string;
}

/** An approval that was given and not withdrawn. */
export interface Vote extends Voter {
  readonly at: Ms;
  /** Of a checklist: the items that it approves, counted from 1. */
  readonly items?: readonly number[];
  readonly comment?: string;
}

/** Whether an answer of this person can count. Nobody who is excepted answers, not even in the place of another person. */
export function mayAnswer({ of, except = [], delegates = [] }: Approvers, { who, onBehalfOf = who }: Voter): boolean {
  if (except.includes(who) || except.includes(onBehalfOf)) return false;
  if (of.length === 0) return onBehalfOf === who;
  return of.includes(onBehalfOf) && (onBehalfOf === who || delegates.includes(who));
}

/**
 * The votes after one more answer. A person has one vote, also as a delegate: the last one counts. Where each person of the list has to
 * approve, a delegate has one vote for each person.
 */
export function votesAfter(approvers: Approvers, votes: readonly Vote[], answer: Answer, vote: Vote): readonly Vote[] {
  const isEarlier = (one: Vote): boolean => one.who === vote.who && (approvers.each !== true || forWhom(one) === forWhom(vote));
  const earlier = votes.find(isEarlier);
  const others = votes.filter((one) => !isEarlier(one));
  if (answer === 'no') return others;
  if (answer === 'withdrawn') return [...others, ...withoutItems(earlier, vote.items)];
  if (earlier === undefined || forWhom(earlier) !== forWhom(vote)) return [...others, vote];
  const items = itemsOf(approvers, [earlier, vote]);
  if (items.length === itemsOf(approvers, [earlier]).length) return votes;
  return votes.map((one) => (one === earlier ? { ...vote, items } : one));
}

/** What is left of a vote when some of its items are withdrawn, or all of it. */
function withoutItems(vote: Vote | undefined, withdrawn: readonly number[] | undefined): readonly Vote[] {
  if (vote?.items === undefined || withdrawn === undefined) return [];
  const items = vote.items.filter((item) => !withdrawn.includes(item));
  return items.length === 0 ? [] : [{ ...vote, items }];
}

const itemsOf = ({ items = [] }: Approvers, votes: readonly Vote[]): readonly number[] =>
  items.map((_, n) => n + 1).filter((item) => votes.some((vote) => vote.items?.includes(item) === true));

/** The person for whom a vote counts. */
export const forWhom = ({ who, onBehalfOf = who }: Voter): string => onBehalfOf;

/** The votes of people who may still answer; groups are resolved again with each answer. */
export const validVotes = (approvers: Approvers, votes: readonly Vote[]): readonly Vote[] => votes.filter((vote) => mayAnswer(approvers, vote));

/** Whether the question is approved; of a checklist, whether each of its items is. */
export function isApproved(approvers: Approvers, votes: readonly Vote[]): boolean {
  const valid = validVotes(approvers, votes);
  if (approvers.items === undefined) return isEnough(approvers, valid);
  return approvers.items.every((_, n) => isEnough(approvers, valid.filter(({ items = [] }) => items.includes(n + 1))));
}

function isEnough({ quorum, of, each }: Approvers, votes: readonly Vote[]): boolean {
  const approved = new Set(votes.map(forWhom));
  return each === true ? of.length > 0 && of.every((person) => approved.has(person)) : approved.size >= quorum;
}

/** `bob on behalf of ann` */
export const voterText = ({ who, onBehalfOf = who }: Voter): string => (onBehalfOf === who ? who : `${who} on behalf of ${onBehalfOf}`);
