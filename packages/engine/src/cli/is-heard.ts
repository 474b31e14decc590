import { setTimeout as pause } from 'node:timers/promises';
import type { Journal } from '../run/local/journal/journal.ts';
import { isDriven } from '../run/local/lease/lease.ts';
import type { Letter } from '../run/local/letter.ts';

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
