import type { Unit } from '../../../contract/index.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import type { Reading } from '../../reading.ts';
import type { MetricShape } from '../../shapes/gate-shape.ts';
import type { Limit, Threshold } from '../../../model/threshold.ts';
import { readLimit } from './read-limit.ts';
import { readDuration } from '../read-quantity.ts';

const limits = ['min', 'max', 'warn', 'critical'] as const;

/** Only a number needs a limit: of a yes/no metric each no is a breach, without any threshold. */
export function readThreshold(
  written: MetricShape['threshold'],
  unit: Unit,
  hasBaseline: boolean,
  path: Path,
  reading: Reading,
): Threshold {
  const threshold = written ?? {};
  const read: Limits = {};
  for (const key of limits) {
    const limit = threshold[key];
    if (limit !== undefined && unit === 'yes-no') reading.report('REL_LIMIT_NOT_APPLICABLE', { key }, reading.raw.placeOfKey([...path, key]));
    else if (limit !== undefined) read[key] = readLimit(limit, unit, hasBaseline, [...path, key], reading);
  }
  const { violations } = threshold;
  if (unit !== 'yes-no') checkOrder(read, path, reading);
  return {
    ...read,
    ...(threshold.for !== undefined && { forMs: readDuration(String(threshold.for), [...path, 'for'], reading) }),
    ...(violations && {
      violations: {
        moreThan: violations['more-than'],
        withinMs: readDuration(String(violations.within), [...path, 'violations', 'within'], reading),
      },
    }),
  };
}

type Limits = Partial<Record<(typeof limits)[number], Limit>>;

/** `warn` and `critical` lie on the side of the only one of `min` and `max` that is there; beside both they may lie on either. Only like can be compared. */
function checkOrder(read: Limits, path: Path, reading: Reading): void {
  const { min, max } = read;
  const side = min && !max ? ([['critical', 'min'], ['min', 'warn']] as const) : ([['warn', 'max'], ['max', 'critical']] as const);
  const pairs = min && max ? ([['min', 'max']] as const) : side;
  for (const [low, high] of pairs) {
    const [lower, upper] = [read[low], read[high]];
    if (!lower || !upper || lower.kind !== upper.kind || lower.value <= upper.value) continue;
    reading.report('REL_LIMITS_OUT_OF_ORDER', { low, lower: lower.text, high, upper: upper.text }, [...path, high]);
  }
}
