import { rollbackStepsIn } from '../../plan/dag.ts';
import type { Plan } from '../../plan/plan.ts';
import type { EventOf, RunEvent } from '../events/run-event.ts';
import type { NextCommands } from '../text/next-commands.ts';
import type { WallClock } from '../text/times.ts';
import type { RunView } from '../view/run-view.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'plain';

/** One line about a step, a group, or (empty) the run. */
export interface EventLine {
  readonly about: string;
  readonly text: string;
  readonly tone: Tone;
}

/** What lines are made with: how they write times, and commands. */
export interface LineContext {
  readonly clock: WallClock;
  readonly next: NextCommands;
}

/** The lines of one kind of event, after it was folded into the view. */
export type LinesOf<T extends RunEvent['type']> = (
  event: EventOf<T>,
  view: RunView,
  context: LineContext,
) => readonly EventLine[];

export const lineAbout = (about: string, tone: Tone, text: string): EventLine => ({ about, tone, text });

const widest = 44;

/** Width of the column of step keys: the longest of the plan, within reason. */
export const keyWidthOf = (plan: Plan): number =>
  [...plan.steps, ...plan.groups]
    .flatMap((unit) => [unit.key, ...rollbackStepsIn(unit.rollback).map(({ key }) => key)])
    .reduce((width, { length }) => Math.min(widest, Math.max(width, length)), 0);

/** A key cut from the left, where keys are alike, and filled up to the width. */
export const keyCell = (key: string, width: number): string =>
  (key.length > width ? `…${key.slice(key.length - width + 1)}` : key).padEnd(width);
