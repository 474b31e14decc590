import type { Selector } from '../../selector/selector.ts';
import { printSelector } from '../../selector/print-selector.ts';
import { jsonNumber, noData, type Answer } from './answer.ts';
import type { TargetWindow } from '../targets/target-window.ts';
import { totalGrowth } from './total-growth.ts';

/** Increase by increase. Where nothing happened there is no ratio, not a good one. */
export function answerRatio(windows: readonly TargetWindow[], to: Selector): Answer {
  const [of, base] = [totalGrowth(windows, 0), totalGrowth(windows, 1)];
  if ('unknown' in base) return noData(base.unknown);
  if ('unknown' in of) return noData(of.unknown);
  const raw = { of: jsonNumber(of.increase), to: jsonNumber(base.increase) };
  if (base.increase === 0) {
    return { value: null, samples: 0, raw, warnings: [`${printSelector(to)} did not grow in this window.`] };
  }
  return { value: of.increase / base.increase, samples: base.increase, raw, warnings: [] };
}
