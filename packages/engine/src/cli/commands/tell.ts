import { isRelpipeError } from '../../errors/relpipe-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { explainError, say } from '../output.ts';
import { isHeard, type LetterOptions, sayWhoGoesOn, sendLetter } from '../lookup/send-command.ts';
import type { OpenedJournal } from '../lookup/open-journal.ts';
import { resumeRun } from './resume.ts';

export interface TellOptions extends LetterOptions {
  readonly reason: string;
  readonly now?: boolean;
}

/** No pause of a way back is as long: it parks only where nothing but a person's answer is left to wait for. */
const onlyForPeople = '10000h';

/**
 * `relpipe continue RUN` and `relpipe abort RUN`. An abort of a run that nobody drives takes it over and rolls back itself: what is
 * wrong out there does not wait for the next resume.
 */
export async function tell(word: 'continue' | 'abort', name: string | undefined, options: TellOptions): Promise<number> {
  return sendLetter(
    name,
    options,
    (from) => ({ ...from, letter: word, reason: options.reason, ...(word === 'abort' && { urgency: options.now ? 'now' : 'staged' }) }),
    async ({ letter, opened }) => {
      const { run } = letter;
      if (word === 'abort' && !(await isHeard(opened.journal, letter))) return takeBack(opened, run);
      await say(`${word}: recorded. ${sayWhoGoesOn(opened, run)}\n`);
      return exitCodes.succeeded;
    },
  );
}

/** What keeps this process from going on with the run does not keep the letter from the next one. */
async function takeBack(opened: OpenedJournal, run: string): Promise<number> {
  const code = await resumeRun(opened, run, { checkout: true, parkAfter: onlyForPeople }).catch(explainRefusal);
  if (code === exitCodes.refused) process.stderr.write(`The abort is recorded. ${sayWhoGoesOn(opened, run)}\n`);
  return code;
}

function explainRefusal(error: unknown): number {
  if (isRelpipeError(error)) return explainError(error);
  throw error;
}
