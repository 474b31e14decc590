import { evolve } from '../../run/core/evolve.ts';
import type { Fact } from '../../run/core/fact.ts';
import { newRunState, type RunState } from '../../run/core/run-state.ts';
import { projectEvents } from './project-events.ts';
import type { RecordedEvent } from './run-event.ts';

/** A recorded run: where it stands, and everything that happened. */
export function replayEvents(facts: readonly Fact[]): { readonly state: RunState; readonly events: RecordedEvent[] } {
  const state = newRunState();
  const events: RecordedEvent[] = [];
  for (const fact of facts) {
    evolve(state, fact);
    events.push(...projectEvents(fact, state));
  }
  return { state, events };
}
