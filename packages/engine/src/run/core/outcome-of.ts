import type { Outcome } from '../../contract/index.ts';
import type { RunState } from './run-state.ts';

/** How the run ends, or would end now. Where several hold, the worst for its user wins. */
export function outcomeOf(state: RunState): Outcome {
  const undos = [...(state.back?.undos.values() ?? [])];
  if (undos.some((undo) => undo.at === 'failed')) return 'rollback-failed';
  if (state.isLeftInPlace || (state.because !== undefined && !state.back)) return 'stopped';
  if (state.because !== undefined) return undos.some((undo) => undo.at === 'undone') ? 'rolled-back' : 'failed';
  return state.isPartial ? 'partially-succeeded' : 'succeeded';
}
