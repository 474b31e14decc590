import type { Ms } from '../../model/ms.ts';
import { windowMs } from './gate-timeout.ts';
import type { Plan, PlanStep } from '../plan.ts';

/** How long a breach can last before a watched step ends: its beginning is seen at the next look, and its window must fill. */
export function unnoticedFor(plan: Plan, step: PlanStep): Ms | undefined {
  const times = step.gates.flatMap(({ gate }) => {
    const { metrics, everyMs } = plan.gates[gate] ?? { metrics: [], everyMs: 0 };
    const deciding = metrics.filter(({ shadow }) => !shadow);
    return deciding.length === 0 ? [] : [everyMs + Math.max(...deciding.map((metric) => windowMs(metric, everyMs)))];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}
