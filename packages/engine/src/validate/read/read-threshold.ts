import type { Unit } from '../../contract/index.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import type { MetricShape } from '../shapes/gate-shape.ts';
import type { Limit, Threshold } from '../words.ts';
import { readLimit } from './read-limit.ts';
import { readDuration } from './read-quantity.ts';

const limits = ['min', 'max', 'warn', 'critical'] as const;

export function readThreshold(
  threshold: MetricShape['threshold'],
  unit: Unit,
  hasBaseline: boolean,
  path: Path,
  reading: Reading,
): Threshold {
  const read: Partial<Record<(typeof limits)[number], Limit>> = {};
  for (const key of limits) {
    const written = threshold[key];
    if (written !== undefined) read[key] = readLimit(written, unit, hasBaseline, [...path, key], reading);
  }
  const { violations } = threshold;
  if (limits.every((key) => !(key in threshold)) && unit !== 'yes-no') reading.report('REL_THRESHOLD_WITHOUT_LIMIT', {}, path);
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
