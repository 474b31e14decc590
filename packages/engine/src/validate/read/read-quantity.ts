import type { QuantityKind } from '../../contract/index.ts';
import { parseQuantity } from '../../expressions/quantities/quantity.ts';
import type { Place } from '../../errors/diagnostic.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import { defaultBackoff, type RetryPolicy } from '../../model/retry.ts';

/** A quantity of the language itself, where no expression can stand. */
function readQuantity(kind: QuantityKind, text: string, path: Path, reading: Reading, at: Path | Place = path): number {
  const parsed = parseQuantity(kind, text);
  if (parsed.ok) return parsed.value;
  if (text.includes('${{')) reading.report('REL_LITERAL_REQUIRED', { key: String(path.at(-1)), kind }, at);
  else reading.report('REL_UNIT_MISSING', { kind, text, likely: parsed.likely }, at);
  return 0;
}

const longestMs = 10 * 365 * 24 * 3_600_000;

/** A length of time: more than nothing, and no more than ten years. */
export function readDuration(text: string, path: Path, reading: Reading): number {
  const before = reading.diagnostics.length;
  const ms = readQuantity('duration', text, path, reading);
  const isTimeSpan = ms > 0 && ms <= longestMs;
  if (!isTimeSpan && reading.diagnostics.length === before) reading.report('REL_DURATION_OUT_OF_RANGE', { key: String(path.at(-1)), text, isLong: ms > 0 }, path);
  return ms;
}

export const optionalDuration = (text: string | undefined, path: Path, reading: Reading): number | undefined =>
  text === undefined ? undefined : readDuration(text, path, reading);

const tryOnce: RetryPolicy = { attempts: 1, ...defaultBackoff };

export interface RetryShape {
  readonly attempts?: number;
  readonly backoff?: string;
  readonly losses?: number;
}

/** `{ attempts: 3, backoff: 2s..1m, losses: 3 }`; no pauses where it says no attempts. */
export function readRetry({ attempts, backoff, losses }: RetryShape, path: Path, reading: Reading): Partial<RetryPolicy> {
  const tries = attempts === undefined ? {} : readTries(attempts, backoff, path, reading);
  return { ...tries, ...(losses !== undefined && { losses }) };
}

function readTries(attempts: number, backoff: string | undefined, path: Path, reading: Reading): RetryPolicy {
  if (backoff === undefined) return { attempts, ...defaultBackoff };
  const [first, max, more] = backoff.split('..');
  const at = [...path, 'backoff'];
  if (first === undefined || max === undefined || more !== undefined) {
    reading.report('REL_VALUE_UNEXPECTED', { key: '"backoff"', expected: 'two durations, e.g. 2s..1m', found: `"${backoff}"`, close: [] }, at);
    return tryOnce;
  }
  const before = reading.diagnostics.length;
  const [firstAt, maxAt] = [reading.raw.placeInText(at, 0, first.length), reading.raw.placeInText(at, `${first}..`.length, max.length)];
  const policy = {
    attempts,
    firstMs: readQuantity('duration', first, at, reading, firstAt),
    maxMs: readQuantity('duration', max, at, reading, maxAt),
  };
  if (reading.diagnostics.length === before && (policy.firstMs < 0 || policy.firstMs > policy.maxMs)) {
    reading.report('REL_VALUE_UNEXPECTED', { key: '"backoff"', expected: 'a first pause and a longest one that is no shorter, e.g. 2s..1m', found: `"${backoff}"`, close: [] }, at);
  }
  return policy;
}
