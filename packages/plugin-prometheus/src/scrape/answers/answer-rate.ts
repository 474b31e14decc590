import { jsonNumber, noData, type Answer } from './answer.ts';
import type { TargetWindow } from '../targets/target-window.ts';
import { totalGrowth } from './total-growth.ts';

/** Per second, each target over the time between its own first and last scrape. */
export function answerRate(windows: readonly TargetWindow[]): Answer {
  const growth = totalGrowth(windows, 0);
  if ('unknown' in growth) return noData(growth.unknown);
  const { increase, perSecond } = growth;
  return { value: perSecond, samples: increase, raw: { increase: jsonNumber(increase) }, warnings: [] };
}
