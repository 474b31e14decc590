import type { QuantityKind } from '../../contract/index.ts';
import { parseQuantity } from '../../expressions/quantities/quantity.ts';
import type { Place } from '../../errors/diagnostic.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';

/** A quantity of the language itself, where an expression is not allowed. */
export function readQuantity(kind: QuantityKind, text: string, path: Path, context: ValidationContext, at: Path | Place = path): number {
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
