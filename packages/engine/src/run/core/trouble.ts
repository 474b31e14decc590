import type { Direction } from '../../contract/index.ts';
import type { OnFailure } from '../../validate/words.ts';
import type { Turn } from './fact.ts';
import type { RunState } from './run-state.ts';

const rank: Record<Direction, number> = { forward: 0, stopping: 1, frozen: 2, back: 3, finally: 4 };

/** Something failed: asks for the turn that its `on-failure` names. Going back wins over freezing, freezing over stopping. */
export function askForTurn(
  state: RunState,
  onFailure: Exclude<OnFailure, 'continue'>,
  because: string,
  urgency: Turn['urgency'] = 'staged',
): void {
  const to = onFailure === 'rollback' ? 'back' : onFailure === 'freeze' ? 'frozen' : 'stopping';
  state.because ??= because;
  if (state.going === 'back' || state.going === 'finally') return;
  if (rank[to] <= rank[state.going]) return;
  if (state.trouble && rank[state.trouble.to] >= rank[to]) {
    if (urgency === 'now' && state.trouble.to === 'back') state.trouble = { ...state.trouble, urgency };
    return;
  }
  state.trouble = { to, because, ...(to === 'back' && { urgency }) };
}
