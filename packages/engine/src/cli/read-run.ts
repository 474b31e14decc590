import { relpipeError } from '../errors/relpipe-error.ts';
import { runOver } from '../report/events/project-events.ts';
import { replayEvents } from '../report/events/replay-events.ts';
import type { RecordedEvent } from '../report/events/run-event.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunState } from '../run/core/run-state.ts';
import { outcomeOf } from '../run/core/outcome-of.ts';
import type { Journal } from '../run/local/journal/journal.ts';
import { evaluatorFor, outputsOf } from './plan-outputs.ts';

export interface ReadRun {
  readonly plan: Plan;
  readonly state: RunState;
  readonly events: readonly RecordedEvent[];
}

/** A recorded run, for whoever only looks at it. Throws `REL_RUN_UNKNOWN`, `REL_RUN_NOT_STARTED`. */
export async function readRun(journal: Journal, run: string): Promise<ReadRun> {
  const facts = journal.readFacts(run);
  if (facts.length === 0) throw relpipeError('REL_RUN_NOT_STARTED', { run });
  const { state, events } = replayEvents(facts);
  const isOver = state.mode === 'finally' && state.finallyLeft === 0 && state.teardownsLeft.size === 0 && state.openTasks === 0;
  if (!isOver) return { plan: state.plan, state, events };
  const { evaluate } = await evaluatorFor(state.plan);
  return { plan: state.plan, state, events: [...events, runOver(state, outcomeOf(state), outputsOf(state, evaluate))] };
}
