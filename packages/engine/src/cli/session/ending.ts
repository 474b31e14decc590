import type { Json } from '../../contract/index.ts';
import { runOver } from '../../report/events/project-events.ts';
import type { RunEvent } from '../../report/events/run-event.ts';
import { openAsks } from '../../run/core/state/open-ops.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import type { Ending } from '../../run/drive.ts';
import type { RunSummary } from '../../run/store/run-store.ts';

/** The last event of the part of a run that this process drove. */
export function endingEvent(ending: Ending, state: RunState, outputs: Readonly<Record<string, Json>>): RunEvent {
  const common = { run: state.run, at: Date.now() };
  if ('interrupted' in ending) return { ...common, type: 'interrupted', signal: ending.interrupted };
  if ('parked' in ending) return { ...common, type: 'parked', ...ending.parked, asks: openAsks(state).map(({ step }) => step) };
  if (ending.idle === 'frozen') return { ...common, type: 'frozen', because: ending.because };
  return runOver(state, ending.outcome, outputs);
}

/** The state of a run after the part of it that this process drove, for the list of runs. */
export function endingSummary(ending: Ending): RunSummary {
  if ('interrupted' in ending) return { state: 'interrupted' };
  if ('parked' in ending) return { state: 'parked', ...ending.parked };
  return ending.idle === 'frozen' ? { state: 'frozen' } : { state: 'over', outcome: ending.outcome };
}
