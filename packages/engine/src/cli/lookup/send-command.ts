import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { nextCommandsAt } from '../../report/text/next-commands.ts';
import { openAsks } from '../../run/core/decide/idle.ts';
import type { Identity } from '../../run/core/fact.ts';
import type { RunState } from '../../run/core/run-state.ts';
import type { Journal } from '../../run/local/journal/journal.ts';
import { isDriven } from '../../run/local/lease/lease.ts';
import { checkLetter, type Letter, newLetterId } from '../../run/local/letter.ts';
import { findOpenRun } from './find.ts';
import { commandPlace, withJournal, type OpenedJournal } from './open-journal.ts';
import { readRun } from './read-run.ts';

export interface SendOptions {
  readonly journal?: string;
  readonly as?: string;
}

/** Makes the command of who sends it and of the state of the run. */
type WriteCommand = (from: { readonly id: string; readonly run: string; readonly who: Identity }, state: RunState) => Letter | Promise<Letter>;

interface SentCommand {
  readonly command: Letter;
  readonly opened: OpenedJournal;
}

/** Puts a command into the inbox of a run; the process that executes the run, or resumes it next, turns it into a fact. */
export const sendCommand = <T>(
  name: string | undefined,
  options: SendOptions,
  write: WriteCommand,
  then: (sent: SentCommand) => Promise<T>,
): Promise<T> =>
  withJournal(process.cwd(), options.journal, async (opened) => {
    const run = findOpenRun(opened.journal, name).id;
    const { state } = await readRun(opened.journal, run);
    const command = await write({ id: newLetterId(), run, who: identifyPerson(options.as, process.env) }, state);
    checkLetter(command, openAsks(state));
    opened.journal.putLetter(command);
    return then({ command, opened });
  });

/** A driver reads its inbox once a second at the latest; one that is silent for so long is busy, and lives. */
const acknowledgedWithinMs = 10_000;

/** Waits until the run has taken the command; false when no process executes it and the command is still in the inbox. */
export async function isAcknowledged(journal: Journal, { id, run }: Letter): Promise<boolean> {
  const until = Date.now() + acknowledgedWithinMs;
  for (;;) {
    // Asked first: a driver that takes the command and ends in between has acknowledged it.
    const driven = isDriven(journal, run, Date.now());
    if (!journal.takeLetters(run).some((command) => command.id === id)) return true;
    if (!driven) return false;
    if (Date.now() > until) return true;
    await pause(50);
  }
}

/** The process that acts on a command that was just recorded, or how to start one. */
export const whoActsOnIt = (opened: OpenedJournal, run: string): string =>
  isDriven(opened.journal, run, Date.now())
    ? `The process that executes run ${run} acts on it.`
    : `No process is executing run ${run}. Resume it with: ${nextCommandsAt(commandPlace(opened)).resume(run)}`;

/**
 * The person behind this command, and how they are known: by the CI system, by `--as`, or as the operating system's user. A name given
 * with `--as` is only a claim, and is recorded as one.
 */
export function identifyPerson(as: string | undefined, env: Readonly<Record<string, string | undefined>>): Identity {
  if (as !== undefined) return { who: as, by: 'flag' };
  const actor = env['GITHUB_ACTIONS'] === 'true' ? env['GITHUB_ACTOR'] : env['GITLAB_CI'] === 'true' ? env['GITLAB_USER_LOGIN'] : undefined;
  return actor ? { who: actor, by: 'ci-actor' } : { who: userInfo().username, by: 'os-user' };
}
