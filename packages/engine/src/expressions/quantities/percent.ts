import { printNumber, readNumber } from './decimal.ts';
import type { ParsedQuantity } from './parsed-quantity.ts';

/** `10%` is 10. */
export function parsePercent(text: string): ParsedQuantity {
  const number = text.endsWith('%') ? readNumber(text.slice(0, -1)) : undefined;
  return number === undefined ? { ok: false, likely: likelyPercents(text) } : { ok: true, value: number };
}

export const printPercent = (value: number): string => `${printNumber(value)}%`;

function likelyPercents(text: string): readonly string[] {
  const bare = readNumber(text.replace(/\s*%$/, ''));
  if (bare === undefined) return [];
  const isFraction = !text.endsWith('%') && bare > 0 && bare < 1;
  return isFraction ? [printPercent(bare * 100), printPercent(bare)] : [printPercent(bare)];
}
