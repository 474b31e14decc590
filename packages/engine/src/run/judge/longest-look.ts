import type { Ms } from '../../model/ms.ts';

/** How long one look may take: as long as the gate's interval, but never less than 1 s nor more than 60 s. */
export const longestLookMs = (everyMs: Ms): Ms => Math.min(Math.max(everyMs, 1_000), 60_000);

/** The longest time between two answers that still counts as watching: a look that came late, or one that was missed. */
export const longestPauseMs = (everyMs: Ms): Ms => 1.5 * everyMs + longestLookMs(everyMs);
