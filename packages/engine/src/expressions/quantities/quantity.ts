import type { QuantityKind } from '../../contract/index.ts';
import { type ParsedQuantity, printNumber, readNumber } from './decimal.ts';
import { parseDuration, printDuration } from './duration.ts';
import { parseSize, printSize } from './size.ts';

export const quantityKinds = ['percent', 'duration', 'size'] as const satisfies readonly QuantityKind[];

const parsers = { percent: parsePercent, duration: parseDuration, size: parseSize };
const printers = { percent: printPercent, duration: printDuration, size: printSize };

/** Reads `10%`, `1h30m`, `512MiB`. A number without its unit is refused, and `likely` names what it could have been. */
export const parseQuantity = (kind: QuantityKind, text: string): ParsedQuantity => parsers[kind](text.trim());

/** The one way in which a quantity is written: `10%`, `1h30m`, `512MiB`. */
export const printQuantity = (kind: QuantityKind, value: number): string => printers[kind](value);

/** `10%` is 10. */
function parsePercent(text: string): ParsedQuantity {
  const number = text.endsWith('%') ? readNumber(text.slice(0, -1)) : undefined;
  return number === undefined ? { ok: false, likely: likelyPercents(text) } : { ok: true, value: number };
}

function printPercent(value: number): string {
  return `${printNumber(value)}%`;
}

function likelyPercents(text: string): readonly string[] {
  const bare = readNumber(text.replace(/\s*%$/, ''));
  if (bare === undefined) return [];
  const isFraction = !text.endsWith('%') && bare > 0 && bare < 1;
  return isFraction ? [printPercent(bare * 100), printPercent(bare)] : [printPercent(bare)];
}
