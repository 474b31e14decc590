import type { Handle, Later, PlannedConfig, Unfolding } from 'relpipe/plugin';
import { shiftOutputs, type ShiftOutputs } from '../shift/shift-config.ts';
import type { canaryConfig } from './canary-config.ts';
import { requireFalling, requireRising } from './require-order.ts';

export type PlannedCanary = PlannedConfig<typeof canaryConfig>;

/** `1-shift`, `1-hold`, `1-approve`, `2-shift` …: counted, because weights may repeat or be known only later. */
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
  return { weight: last === undefined ? 0 : last.output('weight') };
}
