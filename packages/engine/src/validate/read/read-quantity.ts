import type { QuantityKind } from '../../contract/index.ts';
import { parseQuantity } from '../../expressions/quantities/quantity.ts';
import type { Place } from '../../errors/diagnostic.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';
import { defaultBackoff, type RetryPolicy } from '../../model/retry.ts';

/** A quantity of the language itself, where an expression is not allowed. */
function readQuantity(kind: QuantityKind, text: string, path: Path, context: ValidationContext, at: Path | Place = path): number {
  const parsed = parseQuantity(kind, text);
  if (parsed.ok) return parsed.value;
  if (text.includes('${{')) context.report('REL_LITERAL_REQUIRED', { key: String(path.at(-1)), kind }, at);
  else context.report('REL_QUANTITY_INVALID', { key: `"${String(path.at(-1))}"`, kind, text, likely: parsed.likely }, at);
  return 0;
}

const longestMs = 10 * 365 * 24 * 3_600_000;

/** A length of time: more than nothing, and no more than ten years. */
export function readDuration(text: string, path: Path, context: ValidationContext): number {
  const before = context.diagnostics.length;
  const ms = readQuantity('duration', text, path, context);
  const isTimeSpan = ms > 0 && ms <= longestMs;
  if (!isTimeSpan && context.diagnostics.length === before) {
    context.report('REL_DURATION_OUT_OF_RANGE', { key: String(path.at(-1)), text, isLong: ms > 0 }, path);
  }
  return ms;
}

export const optionalDuration = (text: string | undefined, path: Path, context: ValidationContext): number | undefined =>
  text === undefined ? undefined : readDuration(text, path, context);

type Tries = Omit<RetryPolicy, 'losses'>;

const tryOnce: Tries = { attempts: 1, ...defaultBackoff };

export interface RetryShape {
  readonly attempts?: number;
  readonly backoff?: string;
  readonly losses?: number;
}

/** `{ attempts: 3, backoff: 2s..1m, losses: 3 }`; without attempts, no pauses either. */
export function readRetry({ attempts, backoff, losses }: RetryShape, path: Path, context: ValidationContext): Partial<RetryPolicy> {
  const tries = attempts === undefined ? {} : readTries(attempts, backoff, path, context);
  return { ...tries, ...(losses !== undefined && { losses }) };
}

function readTries(attempts: number, backoff: string | undefined, path: Path, context: ValidationContext): Tries {
  if (backoff === undefined) return { attempts, ...defaultBackoff };
  const [first, max, more] = backoff.split('..');
  const at = [...path, 'backoff'];
  if (first === undefined || max === undefined || more !== undefined) {
    context.report(
      'REL_VALUE_UNEXPECTED',
      { key: '"backoff"', expected: 'two durations, e.g. 2s..1m', found: `"${backoff}"`, close: [] },
      at,
    );
    return tryOnce;
  }
  const before = context.diagnostics.length;
  const [firstAt, maxAt] = [context.raw.placeInText(at, 0, first.length), context.raw.placeInText(at, `${first}..`.length, max.length)];
  const policy = {
    attempts,
    firstMs: readQuantity('duration', first, at, context, firstAt),
    maxMs: readQuantity('duration', max, at, context, maxAt),
  };
  if (context.diagnostics.length === before && (policy.firstMs < 0 || policy.firstMs > policy.maxMs)) {
    context.report(
      'REL_VALUE_UNEXPECTED',
      {
        key: '"backoff"',
        expected: 'a first pause and a maximum pause that is not shorter, e.g. 2s..1m',
        found: `"${backoff}"`,
        close: [],
      },
      at,
    );
  }
  return policy;
}
