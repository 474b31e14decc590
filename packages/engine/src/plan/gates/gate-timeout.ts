import type { GateDeclaration, MetricDeclaration } from '../../validate/valid-pipeline.ts';
import type { WatchedGate } from '../plan.ts';

const minute = 60_000;

/** How long a `gate` step waits unless it says: as long as its longest window needs to fill, and 15 minutes. */
export function gateTimeoutMs(declared: readonly GateDeclaration[], watched: readonly WatchedGate[]): number {
  const gates = declared.filter(({ name }) => watched.some(({ gate }) => gate === name));
  const windows = gates.flatMap(({ everyMs, metrics }) => metrics.map((metric) => windowMs(metric, everyMs)));
  return Math.max(0, ...windows) + 15 * minute;
}

/** Without a window a second look decides. */
export function windowMs({ threshold }: Pick<MetricDeclaration, 'threshold'>, everyMs: number): number {
  return Math.max(2 * everyMs, threshold.forMs ?? 0, threshold.violations?.withinMs ?? 0);
}
