import type { EventOf } from '../events/run-event.ts';
import type { RunView } from '../view/run-view.ts';
import { oneLine } from './plain-text.ts';
import type { WallClock } from './times.ts';

/** A message that somebody may not have got; undefined where all is well. */
export function undeliveredText({ channel, event, about, status, because, until }: EventOf<'notified'>, clock: WallClock): string | undefined {
  if (status === 'delivered' || status === 'replaced') return undefined;
  const what = `message "${event}"${about === undefined ? '' : ` about ${about}`} to ${channel}`;
  const why = because === undefined ? '' : `: ${oneLine(because)}`;
  if (status === 'delayed') return `${what} was not delivered${until === undefined ? '' : `, next attempt at ${clock.time(until)}`}${why}`;
  return status === 'unknown' ? `${what} may not have arrived${why}` : `${what} was not delivered${why}`;
}

export const undeliveredLines = (view: RunView, clock: WallClock): readonly string[] =>
  [...view.undelivered.values()].flatMap((event) => undeliveredText(event, clock) ?? []);
