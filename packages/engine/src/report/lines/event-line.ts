import type { EventOf, RunEvent } from '../events/run-event.ts';
import type { RunView } from '../view/run-view.ts';
import type { Clock } from '../text/clock-text.ts';
import type { NextCommands } from '../text/next-commands.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'plain';

/** One line about a step, a group, or (empty) the run. */
export interface EventLine {
  readonly about: string;
  readonly text: string;
  readonly tone: Tone;
}

/** How lines say when something was, and what to type. */
export interface Manner {
  readonly clock: Clock;
  readonly next: NextCommands;
}

/** The lines of one kind of event, after it was folded into the view. */
export type LinesOf<T extends RunEvent['type']> = (
  event: EventOf<T>,
  view: RunView,
  manner: Manner,
) => readonly EventLine[];

export const lineAbout = (about: string, tone: Tone, text: string): EventLine => ({ about, tone, text });
