import type { Handle, Later, PlannedConfig, Unfolding } from 'relpipe/plugin';
import { confirmOutputs } from '../confirm/confirm-config.ts';
import { shiftOutputs, type ShiftOutputs } from '../shift/shift-config.ts';
import type { canaryConfig } from './canary-config.ts';
import { requireFalling, requireRising } from './require-order.ts';

export type PlannedCanary = PlannedConfig<typeof canaryConfig>;

/**
 * `1-shift`, `1-hold`, `1-approve`, `2-shift` …: counted, because weights may repeat or be known only later. Each shift looks
 * whether the one before still holds; after the last hold `confirm` does.
 */
export function unfoldCanary({ router, stable, candidate, phases, rollback }: PlannedCanary, into: Unfolding): { weight: Later<number> | number } {
  requireRising(phases.map(({ weight }) => weight));
  requireFalling(rollback?.ramp ?? []);
  let last: Handle<ShiftOutputs> | undefined;
  phases.forEach(({ weight, hold, approve }, i) => {
    const from = last && { from: last.output('weight') };
    last = into.step(`${i + 1}-shift`, { uses: 'traffic.shift', outputs: shiftOutputs, with: { router, stable, candidate, weight, ...from } });
    into.hold(`${i + 1}-hold`, { for: hold });
    if (approve !== undefined) into.approval(`${i + 1}-approve`, { ask: approve });
  });
  if (last === undefined) return { weight: 0 };
  const weight = last.output('weight');
  into.step('confirm', { uses: 'traffic.confirm', outputs: confirmOutputs, with: { router, stable, candidate, weight } });
  return { weight };
}
