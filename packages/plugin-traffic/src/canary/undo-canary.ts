import type { Unfolding, Urgency } from 'relpipe/plugin';
import { shiftOutputs } from '../shift/shift-config.ts';
import type { PlannedCanary } from './unfold-canary.ts';

/**
 * `staged` goes down the ramp, a stage and its hold only where the candidate still has more; then, or `now`, all the way. None
 * of these shifts ever raises the candidate's share.
 */
export function undoCanary({ router, stable, candidate, rollback }: PlannedCanary, into: Unfolding, urgency: Urgency): void {
  const lower = (id: string, weight: unknown) =>
    into.step(id, { uses: 'traffic.shift', outputs: shiftOutputs, with: { router, stable, candidate, weight, 'only-down': true } });
  if (urgency === 'staged' && rollback !== undefined) {
    rollback.ramp.forEach((weight, i) => {
      const stage = lower(`undo-${i + 1}-shift`, weight);
      into.hold(`undo-${i + 1}-hold`, { for: rollback.hold, when: stage.output('moved') });
    });
  }
  lower('undo-restore', 0);
}
