import { relpipeError } from '../../errors/relpipe-error.ts';
import { stepOf } from '../../run/core/run-state.ts';
import { exitCodes } from '../exit-codes.ts';
import { findQuestion } from '../find-step.ts';
import { readSettledOutput } from '../read-settled-output.ts';
import { sayWhoGoesOn } from '../say-who-goes-on.ts';
import { sendLetter, type LetterOptions } from '../send-letter.ts';

export interface SettleOptions extends LetterOptions {
  readonly happened?: boolean;
  readonly didNotHappen?: boolean;
  readonly output: readonly string[];
  readonly comment?: string;
}

/** `relpipe settle RUN STEP --happened | --did-not-happen` */
export async function settle(name: string | undefined, step: string | undefined, options: SettleOptions): Promise<number> {
  const happened = options.happened ?? false;
  if (happened === (options.didNotHappen ?? false))
    throw relpipeError('REL_USAGE', { because: 'Say either --happened or --did-not-happen.', command: 'settle' });
  return sendLetter(
    name,
    options,
    async (from, state) => {
      const { key, fingerprint, step: asked } = findQuestion(state, step, 'did-it-happen', 'settled');
      const comment = options.comment === undefined ? {} : { comment: options.comment };
      const output = happened ? { output: await readSettledOutput(stepOf(state, asked).plan, options.output) } : {};
      return { ...from, letter: 'settle', key, fingerprint, happened, ...output, ...comment };
    },
    ({ letter, opened }) => {
      process.stdout.write(`${happened ? 'It happened' : 'It did not happen'}, says ${letter.who.who}. ${sayWhoGoesOn(opened.journal, letter.run)}\n`);
      return exitCodes.succeeded;
    },
  );
}
