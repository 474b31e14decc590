import type { Unit } from '../../../contract/index.ts';
import type { Path } from '../../../load/raw-pipeline.ts';
import type { Reading } from '../../reading.ts';
import type { Limit } from '../../../model/threshold.ts';
import { parseLimit } from './parse-limit.ts';

/** A limit of a threshold in the metric's own unit. */
export function readLimit(written: string | number, unit: Unit, hasBaseline: boolean, path: Path, reading: Reading): Limit {
  const text = reading.raw.sourceTextOf(path)?.replace(/^(["'])(.*)\1$/, '$2') ?? String(written);
  const parsed = parseLimit(text, unit);
  if (!parsed.ok && text.includes('${{')) reading.report('REL_LITERAL_REQUIRED', { key: String(path.at(-1)), kind: 'limit' }, path);
  else if (!parsed.ok) reading.report('REL_LIMIT_INVALID', { text, unit, likely: parsed.likely }, path);
  if (!parsed.ok) return { kind: 'absolute', value: 0, text };
  if (parsed.limit.kind !== 'absolute' && !hasBaseline) reading.report('REL_BASELINE_MISSING', { text }, path);
  return parsed.limit;
}

