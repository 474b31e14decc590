import { relpipeError } from '../../errors/relpipe-error.ts';
import type { AskOp } from '../../run/core/op.ts';
import { stepOf } from '../../run/core/run-state.ts';
import { exitCodes } from '../exit-codes.ts';
import { findQuestion } from '../find-step.ts';
import { readSettledOutput } from '../read-settled-output.ts';
import { sayWhoGoesOn } from '../say-who-goes-on.ts';
import { say } from '../say.ts';
import { sendLetter, type LetterOptions } from '../send-letter.ts';

export interface SettleOptions extends LetterOptions {
  readonly happened?: boolean;
  readonly didNotHappen?: boolean;
  readonly done?: boolean;
  readonly cannotBeDone?: boolean;
  readonly output: readonly string[];
  readonly comment?: string;
}

interface Answer {
  readonly question: AskOp['question'];
  readonly yes: boolean;
  readonly words: string;
}

const answers = {
  happened: { question: 'outcome-unknown', yes: true, words: 'It happened' },
  didNotHappen: { question: 'outcome-unknown', yes: false, words: 'It did not happen' },
  done: { question: 'manual-rollback', yes: true, words: 'It is done' },
  cannotBeDone: { question: 'manual-rollback', yes: false, words: 'It cannot be done' },
} as const satisfies Readonly<Record<string, Answer>>;

/** `relpipe settle RUN STEP --happened | --did-not-happen | --done | --cannot-be-done` */
export async function settle(name: string | undefined, step: string | undefined, options: SettleOptions): Promise<number> {
  const { question, yes: happened, words } = answerIn(options);
  return sendLetter(
    name,
    options,
    async (from, state) => {
      const { key, fingerprint, step: asked } = findQuestion(state, step, question, 'settled');
      const comment = options.comment === undefined ? {} : { comment: options.comment };
      const output = question === 'outcome-unknown' && happened ? { output: await readSettledOutput(stepOf(state, asked).plan, options.output) } : {};
      return { ...from, letter: 'settle', key, fingerprint, happened, ...output, ...comment };
    },
    async ({ letter, opened }) => {
      await say(`${words}, says ${letter.who.who}. ${sayWhoGoesOn(opened, letter.run)}\n`);
      return exitCodes.succeeded;
    },
  );
}

function answerIn(options: SettleOptions): Answer {
  const given = Object.entries(answers).filter(([name]) => options[name as keyof typeof answers] === true);
  if (given[0] !== undefined && given.length === 1) return given[0][1];
  throw relpipeError('REL_USAGE', { because: 'Say one of --happened, --did-not-happen, --done and --cannot-be-done.', command: 'settle' });
}
