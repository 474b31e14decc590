import type { Follower } from '../run/drive.ts';
import { projectEvents } from '../report/events/project-events.ts';
import type { RecordedEvent, Reporter } from '../report/events/run-event.ts';

/** Tells the reporters what happened, once it is durable. */
export function followRun(reporter: Reporter): Follower {
  let events: RecordedEvent[] = [];
  return {
    onFact: (fact, state) => void events.push(...projectEvents(fact, state)),
    onCommit() {
      const durable = events;
      events = [];
      for (const event of durable) reporter.onEvent(event);
    },
  };
}
