import type { AskOp } from '../core/operation.ts';
import { mayAnswer, type Vote, voterText, votesAfter } from '../core/votes.ts';
import { type InboxCommand, voterOf } from './inbox-command.ts';

type Answer = Extract<InboxCommand, { key: unknown }>;

/**
 * What keeps an answer from counting: the same one of the same person; another one that is final; or, for a withdrawal, that the person has
 * not approved.
 */
export type EarlierAnswer = { readonly is: 'repeated' | 'missing' } | { readonly is: 'final'; readonly because: string };

/** The votes that count once everything that waits in the inbox is read. */
export const votesWith = (ask: AskOp, votes: readonly Vote[], inbox: readonly InboxCommand[]): readonly Vote[] =>
  inbox.reduce((counted, answer) => (isAnswerTo(ask, answer) ? votesAfterAnswer(ask, counted, answer) : counted), votes);

function votesAfterAnswer(ask: AskOp, votes: readonly Vote[], answer: Answer): readonly Vote[] {
  if (answer.command === 'resolve') return votes;
  const { command, items } = answer;
  const vote = { ...voterOf(answer), at: 0, ...(items !== undefined && { items }) };
  return votesAfter(ask, votes, command === 'approve' ? 'yes' : command === 'reject' ? 'no' : 'withdrawn', vote);
}

/**
 * For the sender of an answer to `ask`: what is recorded of it, as `votes`, or waits in the inbox to be recorded, and decides it first.
 * The driver decides for certain; this spares people an answer that is never counted.
 */
export function earlierAnswer(command: InboxCommand, ask: AskOp, votes: readonly Vote[], inbox: readonly InboxCommand[]): EarlierAnswer | undefined {
  if (!('key' in command)) return undefined;
  const final = inbox.find((earlier) => isAnswerTo(ask, earlier) && (earlier.command === 'reject' || earlier.command === 'resolve')) as Answer | undefined;
  if (final) return isSameAnswer(final, command) ? repeated : { is: 'final', because: finalText(final) };
  if (command.command !== 'approve' && command.command !== 'withdraw') return undefined;
  const before = votesWith(ask, votes, inbox);
  const after = votesAfterAnswer(ask, before, command);
  if (after.length !== before.length || after.some((vote) => !before.includes(vote))) return undefined;
  return command.command === 'withdraw' ? { is: 'missing' } : repeated;
}

const repeated: EarlierAnswer = { is: 'repeated' };

const isAnswerTo = (ask: AskOp, command: InboxCommand): command is Answer =>
  'key' in command && command.key === ask.key && command.fingerprint === ask.fingerprint && mayAnswer(ask, voterOf(command));

const isSameAnswer = (one: Answer, other: Answer): boolean =>
  voterText(voterOf(one)) === voterText(voterOf(other)) && one.command === other.command && (one.command !== 'resolve' || other.command !== 'resolve' || one.happened === other.happened);

const finalText = (answer: Answer): string => `${answer.command === 'resolve' ? 'answered' : 'rejected'} by ${voterText(voterOf(answer))}`;
