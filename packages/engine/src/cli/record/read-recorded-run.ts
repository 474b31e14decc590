import { relpipeError } from '../../errors/relpipe-error.ts';
import type { Plan } from '../../plan/plan.ts';
import { replayEvents, runOver } from '../../report/events/project-events.ts';
import type { RecordedEvent } from '../../report/events/run-event.ts';
import { openAsks } from '../../run/core/state/open-ops.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import type { HaltEvent } from '../../run/live-event.ts';
import { checkEvidence } from '../../run/local/watch/check-evidence.ts';
import type { RunRow, RunStore } from '../../run/store/run-store.ts';
import { evaluatorFor, outputsOf } from './run-evaluator.ts';

interface RecordedRun {
  readonly plan: Plan;
  readonly state: RunState;
  readonly events: readonly RecordedEvent[];
}

/** A recorded run, for a reader. Throws `REL_RUN_UNKNOWN`, `REL_RUN_NOT_STARTED`. */
export async function readRecordedRun(store: RunStore, run: string): Promise<RecordedRun> {
  const { facts } = await store.readRun(run);
  if (facts.length === 0) throw relpipeError('REL_RUN_NOT_STARTED', { run });
  const { state, events } = replayEvents(facts);
  if (state.outcome === undefined) return { plan: state.plan, state, events };
  const { evaluate } = await evaluatorFor(state.plan);
  return { plan: state.plan, state, events: [...events, runOver(state, state.outcome, outputsOf(state, evaluate))] };
}

/** The same, and at the end what the facts do not say: whether a process executes the run now, and if not, why. */
export async function readRunAsItIs(store: RunStore, row: RunRow): Promise<{ plan: Plan; events: readonly (RecordedEvent | HaltEvent)[] }> {
  const { plan, state, events } = await readRecordedRun(store, row.id);
  return { plan, events: [...events, ...(await haltEvents(store, row, state))] };
}

/**
 * The same with its measurements, which follow from the evidence of its verdicts. Throws `REL_JOURNAL_EVIDENCE_BROKEN` when one was changed
 * or deleted.
 */
export async function readCheckedRun(store: RunStore, row: RunRow) {
  const run = await readRunAsItIs(store, row);
  // The facts first: a run in progress may record more meanwhile, and never a verdict before its measurements.
  const { facts } = await store.readRun(row.id);
  const measurements = await store.readMeasurements(row.id);
  checkEvidence({ place: store.place, run: row.id, isOver: row.state === 'over' }, facts, measurements);
  return { ...run, measurements };
}

async function haltEvents(store: RunStore, row: RunRow, state: RunState): Promise<readonly HaltEvent[]> {
  const now = Date.now();
  if (row.state === 'over' || (await store.isDriven(row.id))) return [];
  const common = { run: row.id, at: now };
  if (row.state === 'paused') return [{ ...common, type: 'paused', because: state.haltedBecause ?? state.because ?? 'paused' }];
  if (row.state !== 'parked') return [{ ...common, type: 'interrupted', signal: row.state === 'running' ? 'SIGKILL' : 'SIGTERM' }];
  const asks = openAsks(state).map(({ step }) => step);
  return [{ ...common, type: 'parked', asks, ...(row.wakeAt !== undefined && { wakeAt: row.wakeAt }) }];
}
