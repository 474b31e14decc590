import { randomUUID } from 'node:crypto';
import type { Json } from '../../contract/index.ts';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { FactBody, Identity } from '../core/fact.ts';
import type { AskOp, OpKey } from '../core/operation.ts';
import type { Database } from './journal/database.ts';

/**
 * What another process wants of a run, as JSON. Only the driver appends facts: whoever holds the lease, or takes it next, turns
 * each letter into one fact.
 */
export type Letter = {
  /** Makes it count once, however often it is put or read. */
  readonly id: string;
  readonly run: string;
  readonly who: Identity;
} & (
  | {
      readonly letter: 'approve' | 'reject';
      readonly key: OpKey;
      /** Of the plan that the person looked at. */
      readonly fingerprint: string;
      readonly comment?: string;
    }
  | {
      readonly letter: 'settle';
      readonly key: OpKey;
      /** It did happen, or was undone by hand. */
      readonly happened: boolean;
      /** With `happened`: the outputs the step would have given. */
      readonly output?: Json;
      readonly fingerprint: string;
      readonly comment?: string;
    }
  | { readonly letter: 'continue'; readonly reason: string }
  | { readonly letter: 'abort'; readonly reason: string; readonly urgency?: 'now' | 'staged' }
);

export const newLetterId = (): string => randomUUID();

/** The fact a letter becomes. Whether it counts is the core's to say: nothing that was sent vanishes. */
export function factOfLetter(letter: Letter): FactBody {
  const { id, who } = letter;
  switch (letter.letter) {
    case 'continue':
      return { fact: 'commanded', id, who, command: { name: 'continue' }, reason: letter.reason };
    case 'abort':
      return { fact: 'commanded', id, who, command: { name: 'abort', urgency: letter.urgency ?? 'staged' }, reason: letter.reason };
    case 'settle':
      return { ...answer(letter), answer: letter.happened ? 'yes' : 'no', ...(letter.output !== undefined && { output: letter.output }) };
    default:
      return { ...answer(letter), answer: letter.letter === 'approve' ? 'yes' : 'no' };
  }
}

/**
 * For the sender, before it puts an answer: throws `REL_QUESTION_NOT_OPEN`, `REL_NOT_AN_APPROVER` or `REL_ANSWER_PLAN_MISMATCH`
 * when it could not count. Letters that answer nothing pass.
 */
export function checkLetter(letter: Letter, asks: readonly AskOp[]): void {
  if (!('key' in letter)) return;
  const ask = asks.find(({ key, question }) => key === letter.key && (question !== 'approve') === (letter.letter === 'settle'));
  if (ask === undefined) throw relpipeError('REL_QUESTION_NOT_OPEN', { key: letter.key });
  if (ask.of.length > 0 && !ask.of.includes(letter.who.who)) {
    throw relpipeError('REL_NOT_AN_APPROVER', { who: letter.who.who, of: ask.of });
  }
  if (ask.fingerprint !== letter.fingerprint) throw relpipeError('REL_ANSWER_PLAN_MISMATCH', { run: letter.run });
}

export const untakenLetters = (database: Database, run: string): readonly Letter[] =>
  database.all('untakenLetters', [run]).map((row) => JSON.parse(String(row['body'])) as Letter);

const answer = ({ id, who, key, fingerprint, comment }: Extract<Letter, { key: OpKey }>) => ({
  fact: 'answered' as const,
  key,
  id,
  who,
  fingerprint,
  ...(comment !== undefined && { comment }),
});
