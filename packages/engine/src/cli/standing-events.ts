import { openAsks, whyFrozen } from '../run/core/decide/idle.ts';
import type { RunState } from '../run/core/run-state.ts';
import type { StandingEvent } from '../run/live-event.ts';
import type { Journal } from '../run/local/journal/journal.ts';
import type { RunRow } from '../run/local/journal/run-row.ts';
import { isDriven } from '../run/local/lease/lease.ts';

/** What the facts do not say: whether somebody drives the run now, and if not, why. */
export function standingEvents(journal: Journal, row: RunRow, state: RunState): readonly StandingEvent[] {
  const now = Date.now();
  if (row.state === 'over' || isDriven(journal, row.id, now)) return [];
  const common = { run: row.id, at: now };
  if (row.state === 'frozen') return [{ ...common, type: 'frozen', because: whyFrozen(state) }];
  if (row.state !== 'parked') return [{ ...common, type: 'interrupted', signal: row.state === 'running' ? 'SIGKILL' : 'SIGTERM' }];
  const asks = openAsks(state).map(({ step }) => step);
  return [{ ...common, type: 'parked', asks, ...(row.wakeAt !== undefined && { wakeAt: row.wakeAt }) }];
}
