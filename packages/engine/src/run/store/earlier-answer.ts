import type { AskOp } from '../core/operation.ts';
import type { InboxCommand } from './inbox-command.ts';

type Answer = Extract<InboxCommand, { key: unknown }>;

/**
 * What keeps an answer from counting: the same one of the same person; another one that is final; or, for a withdrawal, that the person has
 * not approved.
 */
export type EarlierAnswer = { readonly is: 'repeated' | 'missing' } | { readonly is: 'final'; readonly because: string };

/** The people whose approval counts, once everything that waits in the inbox is read. */
export function approvalsAfter(ask: AskOp, votes: ReadonlySet<string>, inbox: readonly InboxCommand[]): ReadonlySet<string> {
  const approved = new Set(votes);
  for (const answer of inbox) {
    if (!isAnswerTo(ask, answer)) continue;
    if (answer.command === 'approve') approved.add(answer.who.who);
    else approved.delete(answer.who.who);
  }
  return approved;
}

/**
 * For the sender of an answer to `ask`: what is recorded of it, as `votes`, or waits in the inbox to be recorded, and decides it first.
 * The driver decides for certain; this spares people an answer that is never counted.
 */
export function earlierAnswer(command: InboxCommand, ask: AskOp, votes: ReadonlySet<string>, inbox: readonly InboxCommand[]): EarlierAnswer | undefined {
  if (!('key' in command)) return undefined;
  const final = inbox.find((earlier) => isAnswerTo(ask, earlier) && (earlier.command === 'reject' || earlier.command === 'resolve')) as Answer | undefined;
  if (final) return isSameAnswer(final, command) ? repeated : { is: 'final', because: finalText(final) };
  const hasApproved = approvalsAfter(ask, votes, inbox).has(command.who.who);
  if (command.command === 'withdraw') return hasApproved ? undefined : { is: 'missing' };
  return command.command === 'approve' && hasApproved ? repeated : undefined;
}

const repeated: EarlierAnswer = { is: 'repeated' };

const isAnswerTo = ({ key, fingerprint, of }: AskOp, command: InboxCommand): command is Answer =>
  'key' in command && command.key === key && command.fingerprint === fingerprint && (of.length === 0 || of.includes(command.who.who));

const isSameAnswer = (one: Answer, other: Answer): boolean =>
  one.who.who === other.who.who && one.command === other.command && (one.command !== 'resolve' || other.command !== 'resolve' || one.happened === other.happened);

const finalText = ({ command, who }: Answer): string => `${command === 'resolve' ? 'answered' : 'rejected'} by ${who.who}`;
