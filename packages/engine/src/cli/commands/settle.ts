import { relpipeError } from '../../errors/relpipe-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { findQuestion } from '../find-step.ts';
import { readInputs } from '../make-plan.ts';
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
    (from, state) => {
      const { key, fingerprint } = findQuestion(state, step, 'did-it-happen', 'settled');
      const comment = options.comment === undefined ? {} : { comment: options.comment };
      return { ...from, letter: 'settle', key, fingerprint, happened, ...(happened && { output: readInputs(options.output) }), ...comment };
    },
    ({ letter, opened }) => {
      process.stdout.write(`${happened ? 'It happened' : 'It did not happen'}, says ${letter.who.who}. ${sayWhoGoesOn(opened.journal, letter.run)}\n`);
      return exitCodes.succeeded;
    },
  );
}
