import type { AskOp } from '../core/operation.ts';
import type { InboxCommand } from './inbox-command.ts';

type Answer = Extract<InboxCommand, { key: unknown }>;

/** What keeps an answer from counting: the same one of the same person, or one that is final. */
type EarlierAnswer = { readonly isRepeated: true } | { readonly isRepeated: false; readonly because: string };

/**
 * For the sender of an answer to `ask`: what is recorded of it, as `votes`, or waits in the inbox to be recorded, and decides it first.
 * The driver decides for certain; this spares people an answer that is never counted.
 */
export function earlierAnswer(command: InboxCommand, ask: AskOp, votes: ReadonlySet<string>, inbox: readonly InboxCommand[]): EarlierAnswer | undefined {
  if (!('key' in command)) return undefined;
  const approved = new Set(votes);
  for (const earlier of inbox) {
    if (!isAnswerTo(ask, earlier)) continue;
    if (earlier.command === 'approve') approved.add(earlier.who.who);
    else if (!approved.has(earlier.who.who)) return isSameAnswer(earlier, command) ? repeated : { isRepeated: false, because: finalText(earlier) };
  }
  if (command.command === 'resolve' || !approved.has(command.who.who)) return undefined;
  return command.command === 'approve' ? repeated : { isRepeated: false, because: `approved by ${command.who.who}` };
}

const repeated: EarlierAnswer = { isRepeated: true };

const isAnswerTo = ({ key, fingerprint, of }: AskOp, command: InboxCommand): command is Answer =>
  'key' in command && command.key === key && command.fingerprint === fingerprint && (of.length === 0 || of.includes(command.who.who));

const isSameAnswer = (one: Answer, other: Answer): boolean =>
  one.who.who === other.who.who && one.command === other.command && (one.command !== 'resolve' || other.command !== 'resolve' || one.happened === other.happened);

const finalText = ({ command, who }: Answer): string => `${command === 'resolve' ? 'answered' : 'rejected'} by ${who.who}`;
