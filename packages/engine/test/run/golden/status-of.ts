import type { RunEvent } from '../../../src/report/events/run-event.ts';
import { replayEvents, runOver } from '../../../src/report/events/project-events.ts';
import { renderStatus } from '../../../src/report/render-status.ts';
import { nextCommandsAt } from '../../../src/report/text/next-commands.ts';
import type { Fact } from '../../../src/run/core/fact.ts';

/** What `relpipe status` and `relpipe status --json` print of a recorded run, by its own clock. */
export function statusOf(facts: readonly Fact[]): { readonly text: string; readonly json: string } {
  const { state, events: recorded } = replayEvents(facts);
  const events: RunEvent[] = [...recorded];
  if (state.outcome !== undefined) events.push(runOver(state, state.outcome, {}));
  else if (state.haltedBecause !== undefined) events.push({ type: 'paused', run: state.run, at: state.now, because: state.haltedBecause });
  const text = renderStatus(state.plan, events, { now: state.now, next: nextCommandsAt() });
  return { text: `${text}\n`, json: events.map((event) => `${JSON.stringify(event)}\n`).join('') };
}
