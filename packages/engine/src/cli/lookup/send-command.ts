import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { nextCommandsAt } from '../../report/text/next-commands.ts';
import { openAsks } from '../../run/core/state/open-ops.ts';
import type { Identity } from '../../run/core/fact.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import type { Journal } from '../../run/local/journal/journal.ts';
import { isDriven } from '../../run/local/lease/lease.ts';
import { checkLetter, type Letter, newLetterId } from '../../run/local/letter.ts';
import { findOpenRun } from './find.ts';
import { commandPlace, journalAt, type OpenedJournal } from './open-journal.ts';
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

/** A driver looks for letters once a second at the latest; one that is silent for so long is busy, and lives. */
const longestMs = 10_000;

/** Waits until the run has taken the letter; false when nobody drives it and the letter lies there still. */
export async function isHeard(journal: Journal, { id, run }: Letter): Promise<boolean> {
  const until = Date.now() + longestMs;
  for (;;) {
    // Asked first: a driver that takes it and ends in between has heard it.
    const driven = isDriven(journal, run, Date.now());
    if (!journal.takeLetters(run).some((letter) => letter.id === id)) return true;
    if (!driven) return false;
    if (Date.now() > until) return true;
    await pause(50);
  }
}

/** What happens with a letter that was just sent. */
export const sayWhoGoesOn = (opened: OpenedJournal, run: string): string =>
  isDriven(opened.journal, run, Date.now())
    ? `Run ${run} goes on.`
    : `Nobody drives run ${run} now; go on with: ${nextCommandsAt(commandPlace(opened)).resume(run)}`;

/**
 * Who gives this command, and how that is known: what the CI system says, what was said with `--as`, or the operating system's user. A
 * name given with `--as` is only a claim, and is recorded as one.
 */
export function identifyPerson(as: string | undefined, env: Readonly<Record<string, string | undefined>>): Identity {
  if (as !== undefined) return { who: as, by: 'flag' };
  const actor = env['GITHUB_ACTIONS'] === 'true' ? env['GITHUB_ACTOR'] : env['GITLAB_CI'] === 'true' ? env['GITLAB_USER_LOGIN'] : undefined;
  return actor ? { who: actor, by: 'ci-actor' } : { who: userInfo().username, by: 'os-user' };
}
