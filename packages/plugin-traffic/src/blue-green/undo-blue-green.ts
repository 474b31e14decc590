import type { Unfolding } from 'relpipe/plugin';
import { shiftOutputs } from '../shift/shift-config.ts';
import { testersOutputs } from '../testers/testers-config.ts';
import type { PlannedBlueGreen } from './unfold-blue-green.ts';

/** Everything back at once, whether there is time or not. */
export function undoBlueGreen({ router, stable, candidate, testers }: PlannedBlueGreen, into: Unfolding): void {
  into.step('undo-switch', { uses: 'traffic.shift', outputs: shiftOutputs, with: { router, stable, candidate, weight: 0, 'only-down': true } });
  if (testers !== undefined) into.step('undo-testers', { uses: 'traffic.no-testers', outputs: testersOutputs, with: { router } });
}
