import type { Ending } from '../run/drive.ts';
import type { RunSummary } from '../run/local/journal/run-row.ts';

/** How a run stands behind the part of it that this process drove, for the list of runs. */
export function endingSummary(ending: Ending): RunSummary {
  if ('interrupted' in ending) return { state: 'interrupted' };
  if ('parked' in ending) return { state: 'parked', ...ending.parked };
  return ending.rest === 'frozen' ? { state: 'frozen' } : { state: 'over', outcome: ending.outcome };
}
