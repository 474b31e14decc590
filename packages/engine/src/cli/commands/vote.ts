import { exitCodes } from '../exit-codes.ts';
import { findQuestion } from '../lookup/find.ts';
import { say } from '../output.ts';
import { type LetterOptions, sayWhoGoesOn, sendLetter } from '../lookup/send-command.ts';

export interface VoteOptions extends LetterOptions {
  readonly comment?: string;
}

/** `relpipe approve RUN [STEP]` and `relpipe reject RUN [STEP]` */
export async function vote(
  word: 'approve' | 'reject',
  name: string | undefined,
  step: string | undefined,
  options: VoteOptions,
): Promise<number> {
  const done = word === 'approve' ? 'approved' : 'rejected';
  return sendLetter(
    name,
    options,
    (from, state) => {
      const { key, fingerprint } = findQuestion(state, step, 'approve', done);
      return { ...from, letter: word, key, fingerprint, ...(options.comment !== undefined && { comment: options.comment }) };
    },
    async ({ letter, opened }) => {
      await say(`${done} by ${letter.who.who}. ${sayWhoGoesOn(opened, letter.run)}\n`);
      return exitCodes.succeeded;
    },
  );
}
