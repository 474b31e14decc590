import { growthOf, sumOf } from './growth.ts';
import type { TargetWindow } from '../targets/target-window.ts';

export type TotalGrowth = { readonly increase: number; readonly perSecond: number } | { readonly unknown: string };

/** Over all targets. One target that nobody knows about makes the sum unknown: a part is not the whole. */
export function totalGrowth(windows: readonly TargetWindow[], index: number): TotalGrowth {
  let increase = 0;
  let perSecond = 0;
  for (const window of windows) {
    const growth = growthOf(window, index);
    if ('unknown' in growth) return growth;
    increase += sumOf(growth.series);
    perSecond += sumOf(growth.series) / growth.seconds;
  }
  return { increase, perSecond };
}
