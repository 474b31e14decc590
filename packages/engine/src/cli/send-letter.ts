import { openAsks } from '../run/core/decide/idle.ts';
import type { RunState } from '../run/core/run-state.ts';
import type { Identity } from '../run/core/fact.ts';
import { checkLetter, newLetterId, type Letter } from '../run/local/letter.ts';
import { findOpenRun } from './find-run.ts';
import { identifyPerson } from './identify-person.ts';
import { journalAt, type OpenedJournal } from './journal-at.ts';
import { readRun } from './read-run.ts';

export interface LetterOptions {
  readonly journal?: string;
  readonly as?: string;
}

/** What makes a letter out of who sends it and where the run stands. */
export type WriteLetter = (from: { readonly id: string; readonly run: string; readonly who: Identity }, state: RunState) => Letter | Promise<Letter>;

export interface SentLetter {
  readonly letter: Letter;
  readonly opened: OpenedJournal;
}

/** Puts a letter into the run's inbox; whoever drives the run, or takes it next, turns it into a fact. */
export async function sendLetter<T>(
  name: string | undefined,
  options: LetterOptions,
  write: WriteLetter,
  then: (sent: SentLetter) => Promise<T> | T,
): Promise<T> {
  const opened = journalAt(process.cwd(), options.journal);
  try {
    const run = findOpenRun(opened.journal, name).id;
    const { state } = await readRun(opened.journal, run);
    const letter = await write({ id: newLetterId(), run, who: identifyPerson(options.as, process.env) }, state);
    checkLetter(letter, openAsks(state));
    opened.journal.putLetter(letter);
    return await then({ letter, opened });
  } finally {
    opened.journal.close();
  }
}
